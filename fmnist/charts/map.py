"""Thousands of images as points on a plane, which a lasso or a box selects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import (
    ACCENT_COLOR,
    CLASS_COLORS,
    MUTED_COLOR,
    SEQUENTIAL,
    TRAIN_COLOR,
    apply_layout,
)
from fmnist.classes import CLASS_NAMES

MAP_HEIGHT: Final = 640

MAP_CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "modeBarButtons": [["lasso2d", "select2d", "zoom2d", "pan2d", "resetScale2d"]],
}
"""Configuration of Plotly: only the tools of a map."""

_SIZE: Final = 5
_FADED: Final = 0.06
"""Opacity of the points outside of a selection."""


@dataclass(frozen=True, slots=True)
class Coloring:
    """The meaning of the colours of a map.

    Attributes:
        title: title of the legend.
        names: names of the categories, in order; empty for shares from 0 to 1.
        colors: colours of the categories.
    """

    title: str
    names: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()


TRUE_CLASS: Final = Coloring("True class", CLASS_NAMES, CLASS_COLORS)
PREDICTED_CLASS: Final = Coloring("Predicted class", CLASS_NAMES, CLASS_COLORS)
CORRECT: Final = Coloring("Prediction", ("Wrong", "Correct"), (ACCENT_COLOR, MUTED_COLOR))
CONFIDENCE: Final = Coloring("Confidence")
ISSUES: Final = Coloring(
    "Label issue",
    ("None", "Copy or leak", "Doubtful label", "Outlier"),
    (MUTED_COLOR, ACCENT_COLOR, CLASS_COLORS[4], TRAIN_COLOR),
)


def plot_map(
    positions: NDArray[np.float32],
    rows: NDArray[np.int64],
    texts: NDArray[np.str_],
    values: NDArray[Any],
    coloring: Coloring,
    *,
    title: str,
    highlighted: NDArray[np.bool_] | None = None,
    placed: NDArray[np.float32] | None = None,
) -> go.Figure:
    """Draw images as points of one trace, whose ``customdata`` are the rows of the images.

    As SVG: the pages' security policy does not allow what WebGL needs (decision 14).

    The points of the most frequent colour, or of the highest shares, are drawn first, so that they
    don't hide the others.

    Args:
        positions: float32 ``(n, 2)``.
        rows: rows of the images in their split, int64 ``(n,)``.
        texts: hover texts of the points, ``(n,)``.
        values: the category number of each point, or a share 0 to 1, ``(n,)``.
        coloring: the meaning of the values.
        title: title of the chart.
        highlighted: which points keep their colour while the others fade, bool ``(n,)``; None for
            all.
        placed: position of a picture, ``(2,)``, drawn as a star.
    """
    if coloring.names:
        order = np.argsort(
            -np.bincount(values, minlength=len(coloring.names))[values], kind="stable"
        )
    else:
        order = np.argsort(-values, kind="stable")
    figure = go.Figure()
    figure.add_scatter(
        x=positions[order, 0],
        y=positions[order, 1],
        mode="markers",
        name="images",
        customdata=rows[order],
        text=texts[order],
        hovertemplate="%{text}<br>Image %{customdata}<extra></extra>",
        showlegend=False,
        marker={"size": _SIZE, "color": values[order], **_build_scale(coloring)},
        selectedpoints=None if highlighted is None else np.flatnonzero(highlighted[order]),
        selected={"marker": {"opacity": 0.9}},
        unselected={"marker": {"opacity": _FADED}},
    )
    for name, color in zip(coloring.names, coloring.colors, strict=True):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=name, marker={"size": 9, "color": color}
        )
    if placed is not None:
        figure.add_scatter(
            x=placed[:1],
            y=placed[1:],
            mode="markers",
            name="Your picture",
            hovertemplate="Your picture<extra></extra>",
            marker={
                "symbol": "star",
                "size": 20,
                "color": "#ffffff",
                "line": {"width": 2, "color": "#000000"},
            },
            unselected={"marker": {"opacity": 1}},
        )
    apply_layout(figure, title=title, height=MAP_HEIGHT, has_toolbar=True)
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": ""}
    figure.update_xaxes(**hidden)
    figure.update_yaxes(**hidden, scaleanchor="x")
    figure.update_layout(
        dragmode="lasso",
        clickmode="event",
        legend={"itemclick": False, "itemdoubleclick": False},
    )
    return figure


def _build_scale(coloring: Coloring) -> dict[str, Any]:
    count = len(coloring.names)
    if not count:
        bar = {"title": {"text": coloring.title, "side": "top"}, "orientation": "h", "y": -0.02,
               "yanchor": "top", "thickness": 12, "tickformat": ".0%"}  # fmt: skip
        return {"colorscale": SEQUENTIAL, "cmin": 0, "cmax": 1, "colorbar": bar, "opacity": 0.8}
    steps = [
        [(number + end) / count, color]
        for number, color in enumerate(coloring.colors)
        for end in (0, 1)
    ]
    return {"colorscale": steps, "cmin": -0.5, "cmax": count - 0.5, "opacity": 0.8}
