"""The watched images after an epoch, and the curves with that epoch marked."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from fmnist.charts.sheet import encode_png
from fmnist.charts.theme import ACCENT_COLOR, TRAIN_COLOR
from fmnist.charts.training import Columns, plot_curve
from fmnist.classes import CLASS_NAMES
from fmnist.runs.watch import LEVELS, Watch

CURVE_HEIGHT: Final = 260

# Ten images in a row where there is room for them, else five: the second term is far below zero
# or far above.
_GRID: Final = (
    "display:grid;gap:0.5rem 0.4rem;margin-bottom:0.9rem;max-width:1100px;"
    "grid-template-columns:repeat(auto-fit,minmax(clamp((100% - 3.7rem) / 10,"
    "(580px + 3.6rem - 100%) * 999,(100% - 1.7rem) / 5),1fr))"
)
_CAPTION: Final = "font-size:0.8rem;line-height:1.2;overflow-wrap:anywhere"


def draw_watched(watch: Watch, at: int, images: NDArray[np.uint8] | None) -> str:
    """Draw the watched images with the network's predictions after an epoch, as HTML.

    HTML rather than a chart: the tiles wrap in a narrow window, and each has its own text for
    screen readers. Correct and wrong differ by sign, frame and words, not by colour alone.

    Args:
        watch: the record.
        at: position in ``watch.epochs``.
        images: the watched images, uint8 ``(30, 28, 28)``; None if the data set of the run is not
            loaded: each tile then names its class instead.

    Returns:
        One grid for each level of difficulty, easy first.
    """
    parts = []
    n_labels = len(np.unique(watch.y_true))
    for level, name in enumerate(LEVELS):
        tiles = [
            _draw_tile(
                None if images is None else images[i], int(watch.y_true[i]), watch.proba[at, i]
            )
            for i in range(level * n_labels, min((level + 1) * n_labels, len(watch.rows)))
        ]
        if tiles:
            head = f'<div style="margin-bottom:0.3rem">{name.capitalize()}</div>'
            parts.append(f'{head}<div role="list" style="{_GRID}">{"".join(tiles)}</div>')
    return "".join(parts)


def _draw_tile(image: NDArray[np.uint8] | None, true_label: int, proba: NDArray[np.float32]) -> str:
    predicted = int(np.argmax(proba))
    is_right = predicted == true_label
    truth, answer = CLASS_NAMES[true_label], CLASS_NAMES[predicted]
    sign, color, line = ("✓", TRAIN_COLOR, "solid") if is_right else ("✗", ACCENT_COLOR, "dashed")
    words = f"{sign} {answer} {proba[predicted]:.0%}"
    note = "" if is_right else f"<br>is {escape(truth)}"
    frame = f"width:100%;border:3px {line} {color};border-radius:6px"
    picture = (
        f'<div style="{frame};{_CAPTION};aspect-ratio:1;padding:4px">{escape(truth)}</div>'
        if image is None
        else f'<img alt="{escape(truth)}" src="{encode_png(image)}" '
        f'style="{frame};image-rendering:pixelated;display:block">'
    )
    return (
        f'<div role="listitem">{picture}'
        # The probability of the true class, whichever class is predicted.
        f'<div style="height:4px;margin:3px 0;border-radius:2px;background:{color};'
        f'width:{100 * proba[true_label]:.0f}%"></div>'
        f'<div style="{_CAPTION}">{escape(words)}{note}</div></div>'
    )


def plot_marked_curve(
    steps: Columns, history: Columns, metric: str, *, epochs: int, epoch: int
) -> go.Figure:
    """Draw a curve of ``plot_curve`` with a line at one epoch.

    Args:
        steps: columns of ``steps.csv``.
        history: columns of ``history.csv``.
        metric: ``"loss"`` or ``"accuracy"``.
        epochs: right end of the axis.
        epoch: the epoch of the line.
    """
    figure = plot_curve(steps, history, metric, epochs=epochs)
    figure.add_vline(x=epoch, line={"color": ACCENT_COLOR, "width": 2, "dash": "dot"})
    return figure.update_layout(height=CURVE_HEIGHT, showlegend=False)
