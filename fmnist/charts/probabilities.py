"""Ten probabilities as ten bars: the one chart that Evaluate and Predict share."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR, apply_layout
from fmnist.classes import CLASS_NAMES, N_CLASSES

PREDICTED_COLOR: Final = ACCENT_COLOR
TRUE_COLOR: Final = TRAIN_COLOR


def plot_probabilities(
    proba: npt.NDArray[np.floating], *, title: str, true_label: int | None = None
) -> go.Figure:
    """Draw one horizontal bar a class, in label order, the highest one in the accent colour.

    Classes keep their order rather than being sorted, so that two charts side by side compare.

    Args:
        proba: float (10,), probabilities 0..1 in label order.
        title: what was judged, sentence case.
        true_label: 0..9 where the truth is known: its bar gets a colour of its own unless it is
            also the highest, and its name says so; None for a picture from outside.

    Raises:
        ValueError: ``proba`` has another shape than (10,).
    """
    if proba.shape != (N_CLASSES,):
        raise ValueError(f"expected {N_CLASSES} probabilities, got an array of {proba.shape}")
    predicted = int(np.argmax(proba))
    colors = [MUTED_COLOR] * N_CLASSES
    if true_label is not None:
        colors[true_label] = TRUE_COLOR
    colors[predicted] = PREDICTED_COLOR
    names = [
        f"{name} (true)" if label == true_label else name for label, name in enumerate(CLASS_NAMES)
    ]
    figure = go.Figure(
        go.Bar(
            x=proba,
            y=names,
            orientation="h",
            marker_color=colors,
            text=[format_probability(float(p)) for p in proba],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    apply_layout(figure, title=title, x_title="Probability (%)", height=360)
    figure.update_xaxes(
        range=[0, 1.28],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "25", "50", "75", "100"],
        fixedrange=True,
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, ticks="")
    figure.update_layout(bargap=0.25, showlegend=False, dragmode=False)
    return figure


def format_probability(p: float) -> str:
    """Return a probability 0..1 as a percentage; 0.0% and 100.0% only where it is just that."""
    if 0 < p < 0.001:
        return "<0.1%"
    if 0.999 < p < 1:
        return ">99.9%"
    return f"{p:.1%}"
