"""Feature maps as pictures, and the products behind one of their pixels as a table."""

from __future__ import annotations

import base64
import functools
import io
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHEET_HEIGHT: Final = 464
"""Maximum height of a sheet of maps, in screen pixels: eight maps of 28 pixels at double size."""

_ZERO: Final = 126
_DEAD: Final = 253
_GAP: Final = 255
_RAMP: Final = np.linspace(0, 1, _ZERO + 1)
_POSITIVE: Final = ((0, 0, 0), (255, 120, 0), (255, 236, 200))
_NEGATIVE: Final = ((0, 0, 0), (0, 110, 255), (200, 228, 255))
"""Black for zero in both themes, like the images' background, and two hues."""


@dataclass(frozen=True)
class Sheet:
    """A grid of maps as one picture, numbered row by row.

    Attributes:
        source: a PNG file as a data URI.
        columns: maps per row.
        rows: rows of maps.
        width: width in screen pixels.
        height: height in screen pixels.
    """

    source: str
    columns: int
    rows: int
    width: int
    height: int


def paint_sheet(
    maps: NDArray[np.float32],
    dead: NDArray[np.bool_],
    *,
    limit: float,
    scale: int = 2,
    gap: int = 1,
    most: int = SHEET_HEIGHT,
) -> Sheet:
    """Return maps as one picture: zero is black, positive orange, negative blue.

    Args:
        maps: float32 ``(h, w, c)``.
        dead: bool ``(c,)``; these maps get a grey cross.
        limit: the absolute value that gets the full colour.
        scale: screen pixels for each pixel of a map.
        gap: transparent pixels after each map.
        most: maximum height of the picture, in screen pixels.
    """
    height, width, count = maps.shape
    high, wide = height + gap, width + gap
    columns = math.ceil(count / max(1, most // (scale * high)))
    rows = math.ceil(count / columns)
    tiles = np.full((rows * columns, high, wide), _GAP, np.uint8)
    levels = np.rint(_ZERO * (1 + np.clip(maps / max(limit, 1e-12), -1, 1))).astype(np.uint8)
    levels[..., dead] = _draw_cross(height, width)[..., None]
    tiles[:count, :height, :width] = levels.transpose(2, 0, 1)
    pixels = tiles.reshape(rows, columns, high, wide).swapaxes(1, 2).reshape(rows * high, -1)
    return Sheet(_encode(pixels), columns, rows, scale * pixels.shape[1], scale * pixels.shape[0])


def find_limit(maps: NDArray[np.float32]) -> float:
    """Return the magnitude exceeded by one in 200 values, so that a single peak hides no map."""
    return float(np.quantile(np.abs(maps), 0.995)) or float(np.abs(maps).max())


def _draw_cross(height: int, width: int) -> NDArray[np.uint8]:
    cross = np.full((height, width), _ZERO, np.uint8)
    rows = np.arange(height)
    columns = np.rint(rows * (width - 1) / max(1, height - 1)).astype(int)
    cross[rows, columns] = cross[rows, width - 1 - columns] = _DEAD
    return cross


def _encode(pixels: NDArray[np.uint8]) -> str:
    """Return levels, uint8 ``(h, w)``, as a PNG file with a palette, at most one byte per pixel."""
    picture = Image.frombytes("P", pixels.shape[::-1], pixels.tobytes())
    picture.putpalette(_build_palette().tobytes())
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", transparency=_GAP, compress_level=3)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


@functools.cache
def _build_palette() -> NDArray[np.uint8]:
    palette = np.zeros((256, 3))
    for channel in range(3):
        for colors, part in ((_NEGATIVE, slice(_ZERO, None, -1)), (_POSITIVE, slice(_ZERO, 253))):
            ends = [color[channel] for color in colors]
            palette[part, channel] = np.interp(_RAMP, (0, 0.6, 1), ends)
    palette[_DEAD] = 150
    return np.rint(palette).astype(np.uint8)


def build_products(
    patch: NDArray[np.float32], kernel: NDArray[np.float32], *, most: int = 3
) -> str:
    """Return HTML: inputs × weights for the input maps that matter most, and the sum of the rest.

    Args:
        patch: float32 ``(k, k, c)``, inputs.
        kernel: float32 ``(k, k, c)``, weights.
        most: maximum number of input maps shown.
    """
    sums = (patch * kernel).sum(axis=(0, 1))
    shown = np.argsort(-np.abs(sums), kind="stable")[:most].tolist()
    limits = float(np.abs(patch).max()), float(np.abs(kernel).max())
    parts = [
        _ROW.format(
            name=f"Input map {channel}" if len(sums) > 1 else "The image",
            inputs=_build_table(patch[..., channel], limits[0]),
            weights=_build_table(kernel[..., channel], limits[1]),
            total=f"{sums[channel]:.3f}",
        )
        for channel in shown
    ]
    if rest := len(sums) - len(shown):
        others = float(sums.sum() - sums[shown].sum())
        parts.append(f"<div>The other {rest:,} input maps: {others:.3f}</div>")
    return f'<div style="font-size:0.8rem;overflow-x:auto">{"".join(parts)}</div>'


_ROW: Final = (
    '<div style="margin:0.3em 0"><div>{name}</div><div style="display:flex;gap:0.6em;'
    'align-items:center">{inputs}<span>×</span>{weights}<span>= {total}</span></div></div>'
)


def _build_table(values: NDArray[np.float32], limit: float) -> str:
    """Return a table of numbers, tinted orange if positive and blue if negative."""
    rows = []
    for row in values.tolist():
        cells = []
        for value in row:
            color = "255,120,0" if value > 0 else "0,110,255"
            strength = 0.55 * abs(value) / max(limit, 1e-12)
            cells.append(
                f'<td style="padding:0.1em 0.4em;text-align:right;border:0;'
                f'font-variant-numeric:tabular-nums;background:rgba({color},{strength:.2f})">'
                f"{value:.2f}</td>"
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table style="border-collapse:collapse">{"".join(rows)}</table>'
