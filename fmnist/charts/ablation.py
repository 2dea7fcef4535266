"""Charts of what each decision of a recipe contributes to validation accuracy."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, VALIDATION_COLOR, apply_layout
from fmnist.networks.ablation import ALTERNATIVES, DECISIONS, Ablation


def plot_losses(ablation: Ablation) -> go.Figure:
    """Draw a bar for each decision: the validation accuracy lost without it, in points.

    Alternatives follow below, in another colour: what is lost with them. A band shows the spread
    between the seeds of the whole recipe.

    Args:
        ablation: at least one run of the whole recipe.
    """
    figure = go.Figure()
    bars = (("with", ALTERNATIVES, VALIDATION_COLOR), ("without", DECISIONS, ACCENT_COLOR))
    lost: list[float] = []
    for way, decisions, color in bars:  # Plotly draws the first bar at the bottom
        rows = [row for row in ablation.rows if row.decision in decisions]
        rows.sort(key=lambda row: -row.validation)
        points = [(ablation.mean - row.validation) * 100 for row in rows]
        lost += points
        figure.add_bar(
            x=points,
            y=[f"{way} {_uncapitalise(decisions[row.decision].title)}" for row in rows],
            orientation="h",
            marker_color=color,
            text=[f"{value:+.2f}" for value in points],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:+.2f} points lost<extra></extra>",
        )
    if not math.isnan(ablation.spread):
        band = ablation.spread * 100
        figure.add_vrect(x0=-band, x1=band, fillcolor=MUTED_COLOR, opacity=0.25, line_width=0)
    apply_layout(
        figure,
        title="Validation accuracy lost",
        x_title="Accuracy lost (percentage points)",
        y_title="",
        height=60 + 42 * max(3, len(lost)),
    )
    low, high = min([*lost, 0]), max([*lost, 0])
    margin = 0.18 * max(high - low, 0.1)
    figure.update_xaxes(range=[low - margin, high + margin], zeroline=True)
    figure.update_yaxes(automargin=True)
    figure.update_layout(showlegend=False)
    return figure


def _uncapitalise(title: str) -> str:
    """Begin a title with a small letter, unless it begins with an abbreviation."""
    return title if title[1].isupper() else title[0].lower() + title[1:]
