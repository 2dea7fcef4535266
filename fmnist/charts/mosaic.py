"""Many images side by side, as one picture."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.images.encode import encode_png

_TILE: Final = 30  # 28 pixels and a separator line

_FRAME: Final = (
    '<div role="img" aria-label="{text}" style="width:100%;height:{height}px;border-radius:8px;'
    'background:#000 url({address}) left top / auto 100%"></div>'
)


def build_mosaic(images: NDArray[np.uint8], rows: int) -> bytes:
    """Return a PNG file with images in rows, filled column by column.

    Args:
        images: uint8 ``(n, 28, 28)``; images that do not fill a column are left out.
        rows: number of images per column.
    """
    columns = len(images) // rows
    tiles = np.zeros((columns, rows, _TILE, _TILE), np.uint8)
    tiles[:, :, 1:-1, 1:-1] = images[: columns * rows].reshape(columns, rows, 28, 28)
    return encode_png(tiles.transpose(1, 2, 0, 3).reshape(rows * _TILE, columns * _TILE))


def frame_mosaic(address: str, rows: int, *, text: str) -> str:
    """Return HTML that shows a mosaic, cropped to the width of the page.

    Args:
        address: the URL of the result of ``build_mosaic``.
        rows: as there.
        text: a description of the picture for screen readers.
    """
    return _FRAME.format(text=text, height=rows * _TILE, address=address)
