"""The chart of a run among published results."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR, apply_layout


def plot_published(
    published: Sequence[tuple[str, float, str]],
    run_id: str,
    accuracy: tuple[float, float, float],
) -> go.Figure:
    """Draw published accuracies and the run's between them, the highest on top.

    Args:
        published: name, accuracy (0 to 1) and source of each.
        run_id: name of the run.
        accuracy: accuracy of the run, with the ends of its interval, 0 to 1.
    """
    value, low, high = (100 * share for share in accuracy)
    rows = sorted([*published, (run_id, accuracy[0], "this run")], key=lambda row: row[1])
    # A published result and a run may have the same name.
    places = list(range(len(rows)))
    figure = go.Figure()
    figure.add_vrect(x0=low, x1=high, fillcolor=ACCENT_COLOR, opacity=0.15, line_width=0)
    figure.add_scatter(
        x=[100 * row[1] for row in rows],
        y=places,
        mode="markers",
        marker={
            "size": 12,
            "color": [
                ACCENT_COLOR
                if row[2] == "this run"
                else TRAIN_COLOR
                if row[2] == "hysts"
                else MUTED_COLOR
                for row in rows
            ],
        },
        text=[f"{name}, {source}" for name, _, source in rows],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value if row[2] == "this run" else 0 for row in rows],
            "arrayminus": [value - low if row[2] == "this run" else 0 for row in rows],
            "color": ACCENT_COLOR,
        },
        hovertemplate="%{text}: %{x:.2f}%<extra></extra>",
    )
    apply_layout(figure, title="Among published results", x_title="Test accuracy (%)", height=520)
    names = [name if source != "this run" else f"<b>{escape(name)}</b>" for name, _, source in rows]
    figure.update_yaxes(tickvals=places, ticktext=names, fixedrange=True, ticks="")
    figure.update_xaxes(fixedrange=True)
    figure.update_layout(dragmode=False, showlegend=False)
    return figure
