"""The views of each page, by the addresses that open them on the demo set."""

from __future__ import annotations

from urllib.parse import urlencode

_RUN = "tiny"

_PARAMETERS: dict[str, list[dict[str, str]]] = {
    "samples": [{}, {"item": "3", "pixels": "Numbers in the image"}],
    "pixel_statistics": [
        {},
        *(
            {"view": view}
            for view in ("By class", "Mean and spread", "Empty pixels and brightness", "Distances")
        ),
    ],
    "train": [{}, {"view": "design"}, {"run": _RUN}],
    "runs": [
        {},
        *(
            {"runs": f"{_RUN},baseline", "view": view}
            for view in ("Curves", "Recipes", "Seeds", "Benchmark card")
        ),
    ],
    "evaluate": [
        {"run": _RUN, "view": view}
        for view in (
            *("Confusion", "Per class", "Trust", "Score card"),
            *("Robustness", "Mistakes", "Learning"),
        )
    ],
    "compare": [
        *(
            {"a": "baseline", "b": "cnn", "view": view}
            for view in ("Disagreements", "By class", "Figures", "Decision")
        ),
        {"a": "baseline", "b": "cnn", "with": "compact", "view": "All pairs"},
    ],
    "inside": [{"view": view} for view in ("Layers", "Where it looks", "Nudge", "Nearest items")],
    "labels": [{}, {"view": "Verdicts"}],
    "predict": [{"way": way} for way in ("Draw", "Upload", "Examples")],
    "takeaway": [{"view": view} for view in ("Files", "Code", "Report", "Endpoint")],
}


def list_views(stem: str, **parameters: str) -> list[str]:
    """Return the path and query of each view of a page, with more parameters."""
    path = "" if stem == "overview" else stem
    return [f"{path}?{urlencode(view | parameters)}" for view in _PARAMETERS.get(stem, [{}])]
