"""Line charts as SVG, for a report without scripts or external resources.

Colours are CSS classes of the page's style sheet, so that they follow light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from markupsafe import Markup, escape

WIDTH: Final = 340
HEIGHT: Final = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 44


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart.

    Attributes:
        name: its name in the legend.
        x: the x values, at least one.
        y: the y values, of the same length.
        has_points: whether each value has a marker.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    has_points: bool = False


def plot_lines(
    lines: Sequence[Line],
    *,
    title: str,
    x_title: str,
    y_title: str,
    y_range: tuple[float, float] | None = None,
    diagonal: bool = False,
) -> Markup:
    """Return a line chart with its legend as a ``figure``.

    Args:
        lines: at most four; those without values are omitted.
        title: the caption, also the accessible name.
        x_title: title of the horizontal axis, with its unit.
        y_title: title of the vertical axis, with its unit.
        y_range: range of the vertical axis; None for that of the values.
        diagonal: whether to draw the line from (0, 0) to (1, 1).
    """
    shown = [line for line in lines if len(line.x)]
    x_low, x_high = _find_range([line.x for line in shown])
    y_low, y_high = y_range or _find_range([line.y for line in shown])
    if diagonal:
        x_low, x_high = 0.0, 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - x_low) / (x_high - x_low)
        up = (y - y_low) / (y_high - y_low)
        return (
            round(_LEFT + across * (WIDTH - _LEFT - _RIGHT), 1),
            round(HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM), 1),
        )

    parts = [_draw_axes(place, (x_low, x_high), (y_low, y_high), x_title, y_title)]
    if diagonal:
        (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
        parts.append(f'<line class="diagonal" x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>')
    for number, line in enumerate(shown):
        points = [
            place(x, min(max(y, y_low), y_high))
            for x, y in zip(line.x, line.y, strict=True)
            if math.isfinite(y)
        ]
        path = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline class="line line-{number}" points="{path}"/>')
        if line.has_points or len(points) == 1:
            parts += [
                f'<circle class="point-{number}" cx="{x}" cy="{y}" r="3.5"/>' for x, y in points
            ]
    names = Markup("").join(
        Markup('<span class="key key-{}">{}</span> ').format(number, line.name)
        for number, line in enumerate(shown)
    )
    drawing = Markup("".join(parts))  # numbers, and texts escaped by _write
    return Markup(
        '<figure><figcaption>{}</figcaption><svg viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '{}</svg><p class="legend">{}</p></figure>'
    ).format(title, WIDTH, HEIGHT, title, drawing, names)


def _find_range(values: Sequence[Sequence[float]]) -> tuple[float, float]:
    together = np.concatenate([np.asarray(each, float) for each in values] or [np.zeros(1)])
    together = together[np.isfinite(together)]
    low, high = (float(together.min()), float(together.max())) if len(together) else (0.0, 1.0)
    if low == high:
        return low - 0.5, high + 0.5
    return low, high


def _draw_axes(
    place: Callable[[float, float], tuple[float, float]],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    x_title: str,
    y_title: str,
) -> str:
    parts = []
    for value in _list_ticks(*y_range):
        _, y = place(x_range[0], value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(_write(_LEFT - 6, y + 4, f"{value:g}", "end"))
    for value in _list_ticks(*x_range):
        x, _ = place(value, y_range[0])
        parts.append(_write(x, HEIGHT - _BOTTOM + 16, f"{value:g}", "middle"))
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(_write(middle, HEIGHT - 8, x_title, "middle"))
    across = (HEIGHT - _BOTTOM + _TOP) / 2
    parts.append(
        f'<text x="12" y="{across}" text-anchor="middle" transform="rotate(-90 12 {across})">'
        f"{escape(y_title)}</text>"
    )
    return "".join(parts)


def _write(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _list_ticks(low: float, high: float) -> list[float]:
    """Return three to seven round numbers between two ends."""
    rough = (high - low) / 4
    power = 10.0 ** np.floor(np.log10(rough))
    step = float(next(m for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999) * power)
    first = np.ceil(low / step - 1e-9)
    last = np.floor(high / step + 1e-9)
    return [float(f"{k * step:.6g}") for k in np.arange(first, last + 1)]
