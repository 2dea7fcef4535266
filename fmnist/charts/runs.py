"""The curves of several runs in one chart, over epochs or seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import CLASS_COLORS, apply_layout
from fmnist.charts.training import MARKED_EPOCHS, Columns, thin_columns

MAX_RACERS: Final = 20
"""Maximum number of distinguishable lines."""

_DASHES: Final = ("solid", "dash")
_FAINT: Final = 0.4


@dataclass(frozen=True, slots=True)
class Racer:
    """The curves of one run.

    Attributes:
        name: its text in the legend.
        history: columns of ``history.csv``; may be empty.
        steps: columns of ``steps.csv``; empty if the batches are not shown.
    """

    name: str
    history: Columns
    steps: Columns


def compute_smoothed(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Return the debiased exponential moving average of a curve, as TensorBoard's slider does.

    NaN and infinite values are kept and not averaged.

    Args:
        values: ``(n,)``.
        weight: weight of earlier values, 0 (no smoothing) to less than 1.

    Returns:
        ``(n,)``, corrected for its start at 0 (Kingma & Ba 2015), as in TensorBoard's
        ``line-chart``.
    """
    smoothed, mean, seen = np.array(values, dtype=np.float64), 0.0, 0
    for i, value in enumerate(smoothed):
        if np.isfinite(value):
            mean, seen = mean * weight + (1 - weight) * value, seen + 1
            smoothed[i] = mean / (1 - weight**seen)
    return smoothed


def plot_race(
    racers: Sequence[Racer], metric: str, *, over: str = "epoch", smoothing: float = 0.0
) -> go.Figure:
    """Draw one metric of several runs, each run in the same colour in every chart.

    Validation values are lines with a point per epoch; those of the training batches are thin and
    dotted. The unsmoothed values are drawn faintly behind smoothed lines.

    Args:
        racers: at most ``MAX_RACERS``; a line is dashed once the ten colours are used up.
        metric: ``"accuracy"`` or ``"loss"``.
        over: ``"epoch"``, or ``"seconds"`` of training.
        smoothing: weight of earlier values, see ``compute_smoothed``.
    """
    figure = go.Figure()
    is_accuracy = metric == "accuracy"
    factor, form = (100, ":.2f") if is_accuracy else (1, ":.4f")
    for i, racer in enumerate(racers):
        line = {"color": CLASS_COLORS[i % 10], "dash": _DASHES[i // 10 % 2]}
        x = np.asarray(racer.history.get(over, ()))
        y = np.asarray(racer.history.get(f"val_{metric}", ())) * factor
        batches_x, batches_y = _thin_batches(racer, metric, over, smoothing)
        if len(batches_x):
            figure.add_scatter(
                x=batches_x,
                y=batches_y * factor,
                mode="lines",
                opacity=0.6,
                line=line | {"width": 1.2, "dash": "dot"},
                legendgroup=racer.name,
                showlegend=False,
                hoverinfo="skip",
            )
        if smoothing and len(y):
            figure.add_scatter(
                x=x,
                y=y,
                mode="lines",
                line=line | {"width": 1},
                opacity=_FAINT,
                legendgroup=racer.name,
                showlegend=False,
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=x,
            y=compute_smoothed(y, smoothing),
            mode="lines+markers",
            name=escape(racer.name, quote=False),  # Plotly reads tags
            line=line | {"width": 2.5},
            marker={"size": 6 if len(x) <= MARKED_EPOCHS else 3},
            legendgroup=racer.name,
            showlegend=True,
            hovertemplate=f"%{{y{form}}}",
        )
    unit = "accuracy (%)" if is_accuracy else "loss (nats)"
    apply_layout(
        figure,
        title="Validation accuracy" if is_accuracy else "Validation loss",
        x_title="Epoch" if over == "epoch" else "Training time (s)",
        y_title=unit.capitalize(),
        height=400 + 26 * -(-len(racers) // 3),
        has_toolbar=True,
    )
    figure.update_xaxes(rangemode="tozero")
    figure.update_layout(
        # A system font: a PNG lacks the page's own, and names would overlap.
        legend={"font": {"family": "Arial, sans-serif"}},
        hovermode="x unified" if over == "epoch" else "closest",
    )
    return figure


def _thin_batches(
    racer: Racer, metric: str, over: str, smoothing: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y of the training batches, thinned out because they are sent every second."""
    if not len(racer.steps.get(metric, ())):
        return np.empty(0), np.empty(0)
    smoothed = compute_smoothed(racer.steps[metric], smoothing)
    thin = thin_columns({over: racer.steps[over], metric: smoothed})
    return thin[over], thin[metric]
