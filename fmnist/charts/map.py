"""Thousands of images as points on a plane, which a lasso or a box selects."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.colors import hex_to_rgb, sample_colorscale, unlabel_rgb

from fmnist.charts.point_image import draw_points, find_square
from fmnist.charts.theme import (
    ACCENT_COLOR,
    CLASS_COLORS,
    MUTED_COLOR,
    SEQUENTIAL,
    TRAIN_COLOR,
    apply_layout,
)
from fmnist.classes import CLASS_NAMES

MAP_HEIGHT: Final = 600

MAP_CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "modeBarButtons": [["lasso2d", "select2d", "zoom2d", "pan2d", "resetScale2d"]],
}
"""Configuration of Plotly: only the tools of a map."""

_OPACITY: Final = 0.8
_FADED: Final = 0.06
"""Opacity of the points outside of a selection."""

_N_TONES: Final = 256
"""Colours of the scale of a share."""


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

    The points are one picture below a trace without markers: ten thousand markers take a browser
    seconds (decision 14). A point is read on hover; what a lasso encloses is found by
    ``fmnist.embedding.selection``.

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
    if highlighted is not None:
        order = order[np.argsort(highlighted[order], kind="stable")]
    figure = go.Figure()
    figure.add_scatter(
        x=positions[order, 0],
        y=positions[order, 1],
        mode="none",
        name="images",
        customdata=rows[order],
        text=texts[order],
        hovertemplate="%{text}<br>Image %{customdata}<extra></extra>",
    )
    square = find_square(positions)
    figure.add_layout_image(
        source=draw_points(
            positions[order], _choose_colors(values, coloring, highlighted)[order], square
        ),
        x=square.left,
        y=square.bottom + square.side,
        sizex=square.side,
        sizey=square.side,
        xref="x",
        yref="y",
        sizing="stretch",
        layer="below",
    )
    if not coloring.names:
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"color": [0], "showscale": True, "cmin": 0, "cmax": 1,
                    "colorscale": SEQUENTIAL, "colorbar": _build_bar(coloring)},
        )  # fmt: skip
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
        )
    apply_layout(figure, title=title, height=MAP_HEIGHT, has_toolbar=True)
    hidden = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": ""}
    figure.update_xaxes(**hidden, range=[square.left, square.left + square.side])
    figure.update_yaxes(
        **hidden, range=[square.bottom, square.bottom + square.side], scaleanchor="x"
    )
    return figure.update_layout(dragmode="lasso", clickmode="event", showlegend=False)


def draw_legend(coloring: Coloring) -> str:
    """Draw the names of the categories with their colours, as HTML.

    A trace of the chart for each, drawn for the legend alone, takes a browser ten times as long.
    """
    entries = (
        f'<li><span style="display:inline-block;width:0.7em;height:0.7em;border-radius:50%;'
        f'margin-right:0.4em;background:{color}"></span>{escape(name)}</li>'
        for name, color in zip(coloring.names, coloring.colors, strict=True)
    )
    return (
        f'<ul aria-label="{escape(coloring.title)}" style="display:flex;flex-wrap:wrap;'
        'gap:0.2rem 1rem;list-style:none;margin:0;padding:0;font-size:0.8rem">'
        f"{''.join(entries)}</ul>"
    )


def _choose_colors(
    values: NDArray[Any], coloring: Coloring, highlighted: NDArray[np.bool_] | None
) -> NDArray[np.uint8]:
    """Return RGBA of each point, uint8 ``(n, 4)``; arguments as for ``plot_map``."""
    if coloring.names:
        tones, places = [hex_to_rgb(color) for color in coloring.colors], values
    else:
        scale = sample_colorscale(SEQUENTIAL, np.linspace(0, 1, _N_TONES))
        tones = [unlabel_rgb(color) for color in scale]
        places = np.clip(np.round(values * (_N_TONES - 1)), 0, _N_TONES - 1).astype(int)
    colors = np.empty((len(values), 4), np.uint8)
    colors[:, :3] = np.round(np.array(tones, float))[places]
    opacity = _OPACITY if highlighted is None else np.where(highlighted, 0.9, _FADED)
    colors[:, 3] = np.round(255 * np.asarray(opacity))
    return colors


def _build_bar(coloring: Coloring) -> dict[str, Any]:
    return {
        "title": {"text": coloring.title, "side": "top"},
        "orientation": "h",
        "y": -0.02,
        "yanchor": "top",
        "thickness": 12,
        "tickformat": ".0%",
    }
