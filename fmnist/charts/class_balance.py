"""Charts of the Class balance page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, TRAIN_COLOR, apply_layout

if TYPE_CHECKING:
    import pandas as pd

_SPLITS = (("train", "Training", TRAIN_COLOR), ("test", "Test", ACCENT_COLOR))


def plot_class_counts(table: pd.DataFrame) -> go.Figure:
    """Plot the number of images of each class as bars, one per split.

    Args:
        table: from ``explore.balance.build_balance_table``.
    """
    figure = go.Figure()
    for column, name, color in _SPLITS:
        figure.add_bar(
            x=table["class"],
            y=table[column],
            name=name,
            marker_color=color,
            text=table[column],
            texttemplate="%{y:.2~s}",  # 5.9k, because a longer text overlaps the next bar
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            customdata=table[f"{column}_share"],
            hovertemplate="%{x}: %{y:,} images, %{customdata:.2%} of the split",
        )
    apply_layout(
        figure, title="Images of each class", x_title="class", y_title="images", height=400
    )
    figure.update_yaxes(tickformat=",")
    figure.update_layout(bargap=0.25, bargroupgap=0.05)
    return figure
