"""The curve of a run as the Watch view shows it: scaled, smoothed, its best epoch marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import ACCENT_COLOR, TRAIN_COLOR
from fmnist.charts.training import Columns, plot_curve

CURVE_HEIGHT: Final = 240


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """How a curve is drawn.

    Attributes:
        is_log: whether the loss has a logarithmic axis.
        by_batch: whether the horizontal axis counts batches rather than epochs.
        smoothing: weight of the past in the exponential moving average of the training line, 0
            (none) to below 1.
    """

    is_log: bool = False
    by_batch: bool = False
    smoothing: float = 0.0


def plot_live_curve(
    steps: Columns,
    history: Columns,
    metric: str,
    *,
    epochs: int,
    style: CurveStyle,
    epoch: int | None = None,
) -> go.Figure:
    """Draw a curve of ``plot_curve``, with a star at the best epoch.

    Args:
        steps: columns of ``steps.csv``, thinned.
        history: columns of ``history.csv``, may be empty.
        metric: ``"loss"`` or ``"accuracy"``.
        epochs: right end of the axis.
        style: scales and smoothing.
        epoch: where a dotted line stands; None for no line.
    """
    figure = plot_curve(steps, history, metric, epochs=epochs)
    training, validation = figure.data
    values = np.asarray(training.y, np.float64)
    if style.smoothing and len(values):
        figure.update_traces(selector={"name": training.name}, opacity=0.35)
        figure.add_scatter(
            x=training.x,
            y=pd.Series(values).ewm(alpha=1 - style.smoothing).mean().to_numpy(),
            mode="lines",
            name="training, smoothed",
            line={"color": TRAIN_COLOR, "width": 2.5},
            hoverinfo="skip",
        )
    accuracies = np.asarray(history.get("val_accuracy", ()))
    if len(accuracies):
        best = int(np.argmax(accuracies))
        figure.add_scatter(
            x=[validation.x[best]],
            y=[validation.y[best]],
            mode="markers",
            name="best epoch",
            marker={"symbol": "star", "size": 16, "color": ACCENT_COLOR},
            hovertemplate=f"best epoch: {int(history['epoch'][best])}<extra></extra>",
        )
    if epoch is not None:
        figure.add_vline(x=epoch, line={"color": ACCENT_COLOR, "width": 2, "dash": "dot"})
    if style.is_log and metric == "loss":
        figure.update_yaxes(type="log")
    if style.by_batch:
        _count_batches(figure, steps)
    # A place of its own, in which no line of the legend begins a second row.
    figure.update_layout(height=CURVE_HEIGHT, uirevision=f"{metric}, {style}")
    return figure


def _count_batches(figure: go.Figure, steps: Columns) -> None:
    """Turn the horizontal axis from epochs to batches."""
    batches = _compute_batches(steps)
    for trace in figure.data:
        trace.x = np.asarray(trace.x, np.float64) * batches
    for line in figure.layout.shapes:
        line.x0, line.x1 = line.x0 * batches, line.x1 * batches
    figure.update_traces(hovertemplate="batch %{x:.0f}: %{y:.4g}<extra></extra>")
    figure.update_xaxes(
        title_text="Batch", range=[value * batches for value in figure.layout.xaxis.range]
    )


def _compute_batches(steps: Columns) -> float:
    """Return how many batches an epoch has, by the last row that was recorded."""
    step: NDArray[np.float64] = np.asarray(steps.get("step", ()))
    return float(step[-1] / steps["epoch"][-1]) if len(step) and steps["epoch"][-1] else 1.0
