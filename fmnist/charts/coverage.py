"""Accuracy against coverage: how accurate the most confident predictions are."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, apply_layout


def plot_coverage(coverage: Sequence[tuple[float, float]]) -> go.Figure:
    """Draw accuracy against the share of pictures that are classified, most confident first.

    Args:
        coverage: pairs of share and accuracy, 0 to 1, share rising to 1.
    """
    shares, accuracies = zip(*coverage, strict=True)
    figure = go.Figure(
        go.Scatter(
            x=shares,
            y=accuracies,
            mode="lines+markers",
            line_color=ACCENT_COLOR,
            hovertemplate="most confident %{x:.0%}: accuracy %{y:.1%}<extra></extra>",
        )
    )
    apply_layout(
        figure,
        title="Accuracy against coverage",
        x_title="Coverage: share of pictures classified",
        height=300,
    )
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%", fixedrange=True)
    figure.update_yaxes(
        range=[min(0.5, *accuracies) - 0.02, 1.01],
        tickformat=".0%",
        title="Accuracy among them",
        fixedrange=True,
    )
    return figure
