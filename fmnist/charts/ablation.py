"""Charts of each design decision's contribution to validation accuracy."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, apply_layout
from fmnist.networks.ablation import DECISIONS, Ablation


def plot_losses(ablation: Ablation) -> go.Figure:
    """Draw a bar for each decision: the validation accuracy lost when it is removed, in points.

    A band shows the spread between the seeds of the whole recipe.

    Args:
        ablation: at least one run of the whole recipe.
    """
    removed = [row for row in ablation.rows if row.decision in DECISIONS]
    removed.sort(key=lambda row: -row.validation)  # Plotly draws the first bar at the bottom
    lost = [(ablation.mean - row.validation) * 100 for row in removed]
    figure = go.Figure()
    figure.add_bar(
        x=lost,
        y=[DECISIONS[row.decision].title for row in removed],
        orientation="h",
        marker_color=ACCENT_COLOR,
        text=[f"{points:+.2f}" for points in lost],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="without %{y}: %{x:+.2f} points lost<extra></extra>",
    )
    if not math.isnan(ablation.spread):
        band = ablation.spread * 100
        figure.add_vrect(x0=-band, x1=band, fillcolor=MUTED_COLOR, opacity=0.25, line_width=0)
    apply_layout(
        figure,
        title="Validation accuracy lost when a decision is removed",
        x_title="Accuracy lost (percentage points)",
        y_title="",
        height=60 + 42 * max(3, len(removed)),
    )
    low, high = min([*lost, 0]), max([*lost, 0])
    margin = 0.18 * max(high - low, 0.1)
    figure.update_xaxes(range=[low - margin, high + margin], zeroline=True)
    figure.update_yaxes(automargin=True)
    return figure
