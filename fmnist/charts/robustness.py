"""The chart of accuracy by severity, one panel per corruption, several runs in each."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.charts.theme import CLASS_COLORS, apply_layout
from fmnist.images.corruptions import CORRUPTIONS, SEVERITIES

_COLUMNS: Final = 5


def plot_robustness(
    accuracies: Mapping[str, tuple[float, Mapping[str, list[float]]]],
) -> go.Figure:
    """Draw accuracy by severity for each corruption.

    Args:
        accuracies: by the runs' names, the clean accuracy and those of the corruptions at the
            severities 1 to 5, all 0 to 1.
    """
    names = list(CORRUPTIONS)
    n_rows = -(-len(names) // _COLUMNS)
    figure = make_subplots(
        rows=n_rows,
        cols=_COLUMNS,
        shared_xaxes=True,
        shared_yaxes=True,
        subplot_titles=[CORRUPTIONS[name].title for name in names],
        horizontal_spacing=0.015,
        vertical_spacing=0.14,
    )
    for place, name in enumerate(names):
        amounts = CORRUPTIONS[name].amounts
        for number, (run_id, (clean, accuracy)) in enumerate(accuracies.items()):
            figure.add_scatter(
                row=place // _COLUMNS + 1,
                col=place % _COLUMNS + 1,
                x=[0, *SEVERITIES],
                y=[100 * share for share in (clean, *accuracy[name])],
                mode="lines+markers",
                name=escape(run_id),
                legendgroup=run_id,
                showlegend=place == 0,
                line={"color": CLASS_COLORS[number % len(CLASS_COLORS)]},
                customdata=["clean", *(f"{a:g} {CORRUPTIONS[name].unit}" for a in amounts)],
                hovertemplate=f"{escape(run_id)}: %{{y:.1f}}%<br>%{{customdata}}<extra></extra>",
            )
    apply_layout(figure, title="Accuracy by severity (%)", height=520)
    figure.update_layout(dragmode=False, margin_t=84)
    figure.update_xaxes(dtick=1, fixedrange=True)
    figure.update_yaxes(range=[0, 100], fixedrange=True)
    figure.update_annotations(font_size=13)
    return figure
