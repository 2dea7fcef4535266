"""A picture from a person (drawn, uploaded, photographed) and what a network says about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.probabilities import plot_probabilities
from fmnist.classes import CLASS_NAMES
from fmnist.errors import FmnistError
from fmnist.images import Prepared, decode_picture, prepare_picture
from fmnist.inference import Verdict, decide_verdict
from fmnist.runs import Run
from fmnist.ui.state import get_pool

_TOOLS: Final = {
    "Brush": "freedraw",
    "Line": "line",
    "Rectangle": "rect",
    "Ellipse": "circle",
    "Polygon": "polygon",
}
_GREYS: Final = {
    "Light": "#f2f2f2",
    "Medium": "#a8a8a8",
    "Dark": "#606060",
    "Background": "#000000",
}
_GROUND: Final = "#000000"


@dataclass(frozen=True)
class Answer:
    """One picture with what became of it.

    Attributes:
        name: the file's name, or what it is.
        picture: uint8 RGBA ``(h, w, 4)``, upright; None where the file could not be read.
        prepared: the 28×28 image and how it came about; None likewise.
        y_proba: float32 ``(10,)``; None likewise.
        verdict: the answer in words; None likewise.
        error: why there is no answer.
    """

    name: str
    picture: NDArray[np.uint8] | None = None
    prepared: Prepared | None = None
    y_proba: NDArray[np.float32] | None = None
    verdict: Verdict | None = None
    error: str | None = None


@dataclass(frozen=True)
class Brush:
    """How the canvas draws: its mode, a CSS colour, and a width in pixels."""

    mode: str
    color: str
    width: int


def render_tools(key: str) -> Brush:
    """Draw the tools of a canvas in one row and return what is chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tool = st.segmented_control(
            "Tool", list(_TOOLS), default="Brush", required=True, key=f"{key}_tool"
        )
        tone = st.segmented_control(
            "Tone", list(_GREYS), default="Light", required=True, key=f"{key}_tone"
        )
        width = st.slider(
            "Brush size (pixels)", 2, 60, 22, key=f"{key}_width", width=200,
            help="Network pixels are 10 to 14 of these: thin strokes are barely seen.",
        )  # fmt: skip
    return Brush(_TOOLS[tool], _GREYS[tone], width if tool in {"Brush", "Line"} else 2)


def render_canvas(key: str, brush: Brush, *, size: int) -> NDArray[np.uint8] | None:
    """Draw the canvas and return the drawing, uint8 RGBA ``(h, w, 4)``, or None while empty.

    Args:
        key: unique on the page.
        brush: as ``render_tools`` returns it.
        size: width and height in pixels.
    """
    # Registers a component when imported, which only works inside a running app.
    from streamlit_drawable_canvas import st_canvas

    result = st_canvas(
        fill_color=brush.color,
        stroke_width=brush.width,
        stroke_color=brush.color,
        background_color=_GROUND,
        height=size,
        width=size,
        drawing_mode=brush.mode,
        return_image_data=True,
        key=key,
    )
    st.caption(
        "Light on dark, as in the data set: fill the shape rather than outline it. The bar above "
        "the drawing has undo, redo and clear. A polygon closes with a click on its first corner."
    )
    drawing: dict[str, Any] = result.json_data or {}
    if not drawing.get("objects") or result.image_data is None:
        return None
    picture: NDArray[np.uint8] = np.asarray(result.image_data, dtype=np.uint8)
    return picture


@st.cache_data(max_entries=64, show_spinner=False)
def _prepare_file(data: bytes, name: str, kind: Any) -> tuple[NDArray[np.uint8], Prepared]:
    picture = decode_picture(data, name)
    return picture, prepare_picture(picture, kind)


def answer_files(run: Run, files: Sequence[Any], kind: str) -> list[Answer]:
    """Classify uploaded files; one that can't be read gets its error and spoils nothing else.

    Args:
        run: whose network answers.
        files: what ``st.file_uploader`` or ``st.camera_input`` returned.
        kind: ``"auto"``, ``"photo"`` or ``"drawing"``.
    """
    prepared: list[Answer] = []
    bar = st.progress(0.0, text="Reading the pictures") if len(files) > 3 else None
    for i, file in enumerate(files):
        try:
            picture, steps = _prepare_file(file.getvalue(), file.name, kind)
            prepared.append(Answer(file.name, picture, steps))
        except FmnistError as error:
            prepared.append(Answer(file.name, error=str(error)))
        if bar:
            bar.progress((i + 1) / len(files), text=f"Reading picture {i + 1} of {len(files)}")
    if bar:
        bar.empty()
    return _predict(run, prepared)


def answer_drawing(run: Run, picture: NDArray[np.uint8], kind: str = "drawing") -> Answer:
    """Classify a drawing, RGBA ``(h, w, 4)``."""
    prepared = prepare_picture(picture, kind)  # type: ignore[arg-type]
    return _predict(run, [Answer("Drawing", picture, prepared)])[0]


def _predict(run: Run, answers: list[Answer]) -> list[Answer]:
    images = [answer.prepared.image for answer in answers if answer.prepared]
    if not images:
        return answers
    with st.spinner("Asking the network (the first answer takes some seconds)", show_time=True):
        y_proba = iter(get_pool().predict(run, np.stack(images)))
    done = []
    for answer in answers:
        if answer.prepared is None:
            done.append(answer)
            continue
        proba = next(y_proba)
        verdict = decide_verdict(proba, answer.prepared.image)
        done.append(Answer(answer.name, answer.picture, answer.prepared, proba, verdict))
    return done


def render_answer(answer: Answer, *, key: str, compact: bool = False) -> None:
    """Show one answer: the original, the 28×28 that the network sees, the verdict, ten bars."""
    if answer.prepared is None or answer.y_proba is None or answer.verdict is None:
        st.error(f"{answer.error}", icon=":material/broken_image:")
        return
    verdict = answer.verdict
    icon = ":material/check_circle:" if verdict.is_sure else ":material/help:"
    if verdict.label is None:
        st.warning(answer.prepared.warning or verdict.sentence, icon=":material/visibility_off:")
    else:
        show = st.success if verdict.is_sure else st.warning
        show(f"**{verdict.sentence}**", icon=icon)
        if answer.prepared.warning:
            st.caption(f":material/warning: {answer.prepared.warning}")
    with st.container(horizontal=True):
        if not compact and answer.picture is not None:
            st.image(answer.picture, caption=f"Original: {answer.name}", width=150)
        seen = np.repeat(np.repeat(answer.prepared.image, 6, axis=0), 6, axis=1)
        st.image(seen, caption="What the network sees: 28×28", width=150)
    if verdict.label is not None:
        st.plotly_chart(
            plot_probabilities(answer.y_proba, title="Probability of each class"),
            key=f"{key}_bars",
            config={"displayModeBar": False},
        )


def render_steps(prepared: Prepared) -> None:
    """Show how the picture became the image, step by step."""
    with st.container(horizontal=True):
        for number, step in enumerate(prepared.steps, start=1):
            with st.container(width=190):
                st.image(step.picture, width=160, caption=f"{number}. {step.name}")
                st.caption(step.sentence)


def summarise_answers(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return one row a file for a table or CSV: name, label, ten probabilities, warning, error."""
    rows = []
    for answer in answers:
        row: dict[str, Any] = {"file": answer.name, "label": None, "probability": None}
        if answer.verdict is not None and answer.verdict.label is not None:
            row["label"] = CLASS_NAMES[answer.verdict.label]
            row["probability"] = answer.verdict.probability
        row["sure"] = answer.verdict.is_sure if answer.verdict else None
        for label, name in enumerate(CLASS_NAMES):
            row[name] = None if answer.y_proba is None else float(answer.y_proba[label])
        row["warning"] = answer.prepared.warning if answer.prepared else None
        row["error"] = answer.error
        rows.append(row)
    return rows


def render_try_run(run: Run) -> None:
    """Let a person try one run on the spot: draw or upload, see the 28×28 and ten bars."""
    way = st.segmented_control(
        "Picture", ["Draw", "Upload"], default="Draw", required=True, key="try_way"
    )
    brush = render_tools("try_canvas") if way == "Draw" else None
    left, right = st.columns(2, gap="large")
    with left:
        if brush is not None:
            drawing = render_canvas("try_canvas", brush, size=280)
            files = []
        else:
            drawing = None
            file = st.file_uploader("Picture of one garment", key="try_file")
            files = [file] if file else []
    with right:
        if drawing is not None:
            render_answer(answer_drawing(run, drawing), key="try", compact=True)
        elif files:
            render_answer(answer_files(run, files, "auto")[0], key="try")
        else:
            st.caption("Draw or upload a garment, and the network's answer appears here.")
