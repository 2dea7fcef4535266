"""Ten probabilities as ten bars, for Evaluate and Predict.

HTML rather than Plotly, because a person waits for these bars after each stroke on the canvas:
Plotly took 0.03 s on the server and 0.1 s in the browser (profiled on two cores with AVX2), a third
of the wait.
"""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR
from fmnist.classes import CLASS_NAMES, N_CLASSES

PREDICTED_COLOR: Final = ACCENT_COLOR
TRUE_COLOR: Final = TRAIN_COLOR

_ROW: Final = (
    '<div role="listitem" style="display:grid;grid-template-columns:8.5em 1fr 4em;gap:0.6em;'
    'align-items:center;margin:0.25em 0">'
    '<span style="text-align:right">{name}</span>'
    '<span style="height:1.15em;width:{width:.2f}%;background:{color}"></span>'
    '<span style="font-variant-numeric:tabular-nums">{percent}</span></div>'
)


def build_bars(
    proba: npt.NDArray[np.floating], *, title: str, true_label: int | None = None
) -> str:
    """Return HTML: one horizontal bar per class, in label order, the highest in the accent colour.

    The order is fixed so that two charts can be compared. A screen reader reads a list of names
    and percentages.

    Args:
        proba: float (10,), probabilities 0 to 1 in label order.
        title: what was classified, sentence case.
        true_label: 0 to 9 if it is known: its name says so, and its bar has a different colour
            unless it is the highest; None for an outside picture.

    Raises:
        ValueError: ``proba`` has another shape than (10,).
    """
    if proba.shape != (N_CLASSES,):
        raise ValueError(f"expected {N_CLASSES} probabilities, got an array of {proba.shape}")
    colors = [MUTED_COLOR] * N_CLASSES
    if true_label is not None:
        colors[true_label] = TRUE_COLOR
    colors[int(np.argmax(proba))] = PREDICTED_COLOR
    rows = [
        _ROW.format(
            name=f"{name} (true)" if label == true_label else name,
            width=100 * float(proba[label]),
            color=colors[label],
            percent=escape(format_probability(float(proba[label]))),
        )
        for label, name in enumerate(CLASS_NAMES)
    ]
    heading = escape(title)
    return (
        f'<div style="font-weight:600;margin-bottom:0.5em">{heading}</div>'
        f'<div role="list" aria-label="{heading}" style="font-size:0.875rem">{"".join(rows)}</div>'
    )


def format_probability(p: float) -> str:
    """Return a probability 0 to 1 as a percentage; 0.0% and 100.0% only for exactly 0 and 1."""
    if 0 < p < 0.001:
        return "<0.1%"
    if 0.999 < p < 1:
        return ">99.9%"
    return f"{p:.1%}"
