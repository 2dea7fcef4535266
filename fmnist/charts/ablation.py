"""What each decision of a recipe brought."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, apply_layout
from fmnist.networks.ablation import DECISIONS, Ablation


def plot_losses(ablation: Ablation) -> go.Figure:
    """Draw a bar a decision: the points of accuracy lost without it, beside the seeds' spread.

    Args:
        ablation: at least one run of the whole recipe.
    """
    taken_back = [row for row in ablation.rows if row.decision in DECISIONS]
    taken_back.sort(key=lambda row: -row.validation)
    change = [(row.validation - ablation.mean) * 100 for row in taken_back]
    figure = go.Figure()
    figure.add_bar(
        x=change, y=[DECISIONS[row.decision].title for row in taken_back], orientation="h",
        marker_color=ACCENT_COLOR, text=[f"{points:+.2f}" for points in change],
        textposition="outside", cliponaxis=False,
        hovertemplate="without %{y}: %{x:+.2f} points<extra></extra>",
    )  # fmt: skip
    if not math.isnan(ablation.spread):
        band = ablation.spread * 100
        figure.add_vrect(x0=-band, x1=band, fillcolor=MUTED_COLOR, opacity=0.25, line_width=0)
    apply_layout(
        figure, title="Without each decision", x_title="Change of accuracy (points)",
        y_title="", height=60 + 42 * max(3, len(taken_back)),
    )  # fmt: skip
    low, high = min([*change, 0]), max([*change, 0])
    margin = 0.18 * max(high - low, 0.1)
    figure.update_xaxes(range=[low - margin, high + margin], zeroline=True)
    figure.update_yaxes(automargin=True)
    return figure
