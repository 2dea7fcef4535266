"""Loss and accuracy over the epochs of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import TRAIN_COLOR, VALIDATION_COLOR, apply_layout

Columns = Mapping[str, NDArray[np.float64]]

MAX_POINTS: Final = 300
"""More points than this are not visible, and a long run would send megabytes."""

MARKED_EPOCHS: Final = 40
"""Most epochs of a run whose validation values are marked one by one: with more, the marks join."""


def thin_columns(columns: Columns, points: int = MAX_POINTS) -> dict[str, NDArray[np.float64]]:
    """Return at most ``points`` rows, each the mean of equally many neighbours.

    Args:
        columns: float ``(n,)`` each, of one length.
        points: the limit.
    """
    n = len(next(iter(columns.values()), ()))
    if n <= points:
        return dict(columns)
    starts = np.linspace(0, n, points, endpoint=False).astype(int)
    widths = np.diff([*starts, n])
    return {name: np.add.reduceat(values, starts) / widths for name, values in columns.items()}


def plot_curve(steps: Columns, history: Columns, metric: str, *, epochs: int) -> go.Figure:
    """Draw training and validation values of one metric over the epochs.

    The training line has a point every few batches, validation one after each epoch.

    Args:
        steps: columns of ``steps.csv``, may be empty.
        history: columns of ``history.csv``, may be empty.
        metric: ``"loss"`` or ``"accuracy"``.
        epochs: right end of the axis.
    """
    figure = go.Figure()
    live = thin_columns(steps)
    percent = 100 if metric == "accuracy" else 1
    unit = " (%)" if metric == "accuracy" else " (nats)"
    form = ":.1f" if metric == "accuracy" else ":.3f"
    figure.add_scatter(
        x=live.get("epoch", ()),
        y=np.asarray(live.get(metric, ())) * percent,
        mode="lines",
        name="training, batches",
        line={"color": TRAIN_COLOR, "width": 1.5},
        hovertemplate=f"epoch %{{x:.2f}}: %{{y{form}}}<extra>training, batches</extra>",
    )
    figure.add_scatter(
        x=history.get("epoch", ()),
        y=np.asarray(history.get(f"val_{metric}", ())) * percent,
        mode="lines+markers" if epochs <= MARKED_EPOCHS else "lines",
        name="validation",
        line={"color": VALIDATION_COLOR, "width": 3},
        marker={"size": 8},
        hovertemplate=f"epoch %{{x:.0f}}: %{{y{form}}}<extra>validation</extra>",
    )
    apply_layout(
        figure,
        title=metric.capitalize(),
        x_title="Epoch",
        y_title=metric.capitalize() + unit,
        height=270,
    )
    figure.update_xaxes(range=[0, max(1, epochs)])
    # Keeps zoom and hidden lines when new points arrive.
    figure.update_layout(uirevision=metric)
    return figure
