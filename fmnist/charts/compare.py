"""Charts of a comparison of two runs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR, apply_layout
from fmnist.comparison.conclusion import SIGNIFICANT


def plot_class_differences(table: pd.DataFrame) -> go.Figure:
    """Draw the difference of the recalls of each class with its interval, the largest on top.

    Args:
        table: from ``fmnist.comparison.paired.compute_class_changes``.
    """
    table = table.sort_values("difference", kind="stable")
    worse = table["difference"] < 0
    clear = table["p_value"] < SIGNIFICANT
    colors = [
        MUTED_COLOR if not is_clear else ACCENT_COLOR if is_worse else TRAIN_COLOR
        for is_worse, is_clear in zip(worse, clear, strict=True)
    ]
    figure = go.Figure(
        go.Scatter(
            x=100 * table["difference"],
            y=list(table.index),
            mode="markers",
            marker={"color": colors, "size": 11},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": 100 * (table["high"] - table["difference"]).clip(lower=0),
                "arrayminus": 100 * (table["difference"] - table["low"]).clip(lower=0),
                "color": MUTED_COLOR,
            },
            customdata=table[["fixed", "broken", "support"]],
            hovertemplate=(
                "%{y}: %{x:+.1f} points<br>%{customdata[0]} fixed, %{customdata[1]} broken of "
                "%{customdata[2]:,} images<extra></extra>"
            ),
        )
    )
    figure.add_vline(x=0, line={"color": MUTED_COLOR, "dash": "dash"})
    apply_layout(
        figure,
        title="Recall of B minus recall of A",
        x_title="Difference (percentage points)",
        height=400,
    )
    figure.update_xaxes(fixedrange=True)
    figure.update_yaxes(fixedrange=True, showgrid=True, ticks="")
    figure.update_layout(dragmode=False, showlegend=False)
    return figure
