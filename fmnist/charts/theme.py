"""Colours and layout shared by every chart."""

from __future__ import annotations

from typing import Final

import plotly.graph_objects as go

CLASS_COLORS: Final[tuple[str, ...]] = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
"""One colour per class, in label order, distinguishable with any common colour blindness.

Source: the ten-colour sequence of Petroff, "Accessible Color Sequences for Data
Visualization", 2021 (arXiv:2107.02270).
"""

TRAIN_COLOR: Final = CLASS_COLORS[0]
VALIDATION_COLOR: Final = CLASS_COLORS[1]
ACCENT_COLOR: Final = CLASS_COLORS[6]
MUTED_COLOR: Final = CLASS_COLORS[3]

SEQUENTIAL: Final = "Viridis"
"""Colour scale for magnitudes: uniform in brightness, readable in greyscale."""


TEXT_SIZE: Final = 12
"""Pixels of the text in a chart: smaller text is hard to read."""

PRESENTED_TEXT_SIZE: Final = 16
"""Pixels of the text in a chart of a presentation, readable from the back row."""

_TOOLBAR_HEIGHT: Final = 28
"""Pixels of Plotly's toolbar with the space below it."""


def apply_layout(
    figure: go.Figure,
    *,
    title: str,
    x_title: str | None = None,
    y_title: str | None = None,
    height: int = 360,
    has_toolbar: bool = False,
) -> go.Figure:
    """Give a figure its title, axis titles, height and the margins that all charts share.

    Args:
        figure: changed in place and returned.
        title: what the chart shows, sentence case.
        x_title: axis title with its unit in brackets, or None to leave the axis untitled.
        y_title: likewise.
        height: pixels.
        has_toolbar: whether the title stands below a row for Plotly's toolbar, which would lie
            over it in a narrow window.
    """
    row = _TOOLBAR_HEIGHT if has_toolbar else 0
    place = {"y": 1, "yanchor": "top", "pad": {"t": row + 12}} if has_toolbar else {}
    figure.update_layout(
        title={"text": title, "font": {"size": 16}, "x": 0, "xanchor": "left", **place},
        height=height + row,
        margin={"l": 8, "r": 8, "t": 48 + row, "b": 8},
        # Below the chart, in as many rows as needed: above, it lies over the title in a narrow
        # window.
        legend={
            "orientation": "h",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
        },
        hoverlabel={"namelength": -1},
    )
    figure.update_xaxes(title_text=x_title, automargin=True)
    figure.update_yaxes(title_text=y_title, automargin=True)
    return figure
