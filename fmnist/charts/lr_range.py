"""The learning rate: its schedule over a run, and the range test that suggests one."""

from __future__ import annotations

from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR, apply_layout
from fmnist.lr_range.suggestion import Suggestion, smooth_losses

SCHEDULE_POINTS: Final = 240
RANGE_COLOR: Final = "rgba(63,144,218,0.16)"


def plot_schedule(rates: NDArray[np.float64], *, epochs: int) -> go.Figure:
    """Draw the learning rate over the epochs of a run.

    Args:
        rates: the rate of each step, float ``(steps,)``.
        epochs: number of epochs that the steps make up.
    """
    # Thinning must keep the highest rate, a single step.
    at = np.linspace(0, len(rates) - 1, min(SCHEDULE_POINTS, len(rates))).astype(int)
    at = np.union1d(at, np.argmax(rates))
    figure = go.Figure()
    figure.add_scatter(
        x=at / len(rates) * epochs,
        y=rates[at],
        mode="lines",
        fill="tozeroy",
        line={"color": TRAIN_COLOR, "width": 2},
        fillcolor=RANGE_COLOR,
        hovertemplate="epoch %{x:.1f}: %{y:.2g}<extra></extra>",
    )
    apply_layout(figure, title="Learning rate", x_title="Epoch", height=170)
    figure.update_xaxes(range=[0, epochs], fixedrange=True)
    figure.update_yaxes(rangemode="tozero", fixedrange=True, nticks=4, tickformat=".2g")
    return figure.update_layout(
        showlegend=False, dragmode=False, title_font_size=14, margin_t=32, uirevision="schedule"
    )


def plot_range_test(
    rates: NDArray[np.float64], losses: NDArray[np.float64], suggestion: Suggestion | None = None
) -> go.Figure:
    """Draw the loss over the learning rate of a range test, raw and smoothed.

    Args:
        rates: float ``(n,)``, ascending; may be empty.
        losses: float ``(n,)``.
        suggestion: the rate to mark and the range to shade, or None.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=rates,
        y=losses,
        mode="lines",
        name="each batch",
        line={"color": MUTED_COLOR, "width": 1},
        opacity=0.6,
        hovertemplate="rate %{x:.2g}: %{y:.3f}<extra>each batch</extra>",
    )
    smooth = smooth_losses(losses)
    figure.add_scatter(
        x=rates,
        y=smooth,
        mode="lines",
        name="smoothed",
        line={"color": TRAIN_COLOR, "width": 3},
        hovertemplate="rate %{x:.2g}: %{y:.3f}<extra>smoothed</extra>",
    )
    apply_layout(
        figure,
        title="Loss by learning rate",
        x_title="Learning rate",
        y_title="Loss (nats)",
        height=300,
    )
    if suggestion is not None:
        figure.add_vrect(x0=suggestion.low, x1=suggestion.high, fillcolor=RANGE_COLOR, line_width=0)
        figure.add_scatter(
            x=[suggestion.rate],
            y=[np.interp(suggestion.rate, rates, smooth)],
            mode="markers+text",
            text=[f"{suggestion.rate:g}"],
            textposition="top right",
            textfont={"color": ACCENT_COLOR, "size": 14},
            name="suggested",
            marker={"color": ACCENT_COLOR, "size": 12, "symbol": "diamond"},
            hovertemplate="suggested: %{x:g}<extra></extra>",
        )
    figure.update_xaxes(type="log", range=[-6.05, 0.05], exponentformat="power", dtick=1)
    if len(losses):  # losses after divergence would flatten the rest
        top = 1.3 * float(smooth[: max(1, len(smooth) // 2)].max())
        figure.update_yaxes(range=[0, top])
    return figure.update_layout(showlegend=False, uirevision="range_test")
