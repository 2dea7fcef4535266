"""Many images side by side, as one picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.charts.sheet import encode_png

_TILE: Final = 30  # 28 pixels and a separator line

_FRAME: Final = (
    '<div role="img" aria-label="{text}" style="width:100%;height:{height}px;border-radius:8px;'
    'background:#000 url({address}) left top / auto 100%"></div>'
)


def build_mosaic(images: NDArray[np.uint8], rows: int, *, text: str) -> str:
    """Return HTML with images in rows, filled column by column, cropped to the page.

    Args:
        images: uint8 ``(n, 28, 28)``; images that do not fill a column are left out.
        rows: number of images per column.
        text: a description of the picture for screen readers.
    """
    columns = len(images) // rows
    tiles = np.zeros((columns, rows, _TILE, _TILE), np.uint8)
    tiles[:, :, 1:-1, 1:-1] = images[: columns * rows].reshape(columns, rows, 28, 28)
    pixels = tiles.transpose(1, 2, 0, 3).reshape(rows * _TILE, columns * _TILE)
    return _FRAME.format(text=text, height=rows * _TILE, address=encode_png(pixels))
