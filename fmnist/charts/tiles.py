"""Pictures side by side, each with its texts, as one piece of HTML.

HTML rather than an element for each picture and text: the steps of an uploaded picture were thirty
elements, more than the rest of its answer, and took a third of the page's processor time.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from fmnist.explain import Tile
from fmnist.images.encode import encode_png_uri, encode_preview

_ROOM: Final = 30
"""Pixels by which texts may be wider than their picture."""

_FIGURE: Final = (
    '<figure style="margin:0;width:{room}px">'
    '<img src="{source}" alt="{title}" style="display:block;width:{width}px{pixels}">'
    '<figcaption style="font-size:0.875rem;line-height:1.4;margin-top:0.25rem;'
    'overflow-wrap:anywhere">{texts}</figcaption></figure>'
)
_QUIET: Final = '<div style="opacity:0.7">{text}</div>'
_MARK: Final = (
    '<span role="img" aria-label="{label}" style="font-family:\'Material Symbols Rounded\';'
    'font-size:1.15em;vertical-align:bottom">{icon}</span> '
)
_MARKS: Final = {
    True: _MARK.format(label="same class", icon="check"),
    False: _MARK.format(label="another class", icon="close"),
}


def build_tiles(tiles: Sequence[Tile], width: int, *, is_photo: bool = False) -> str:
    """Return HTML: pictures in rows, each with its title, result and note below.

    Args:
        tiles: the pictures and their texts.
        width: of each picture, in pixels of the screen; a picture with fewer shows sharp squares.
        is_photo: whether the larger pictures are parts of a photo and may become JPEG files.
    """
    figures = "".join(_build_figure(tile, width, is_photo=is_photo) for tile in tiles)
    return f'<div style="display:flex;flex-wrap:wrap;gap:1rem">{figures}</div>'


def _build_figure(tile: Tile, width: int, *, is_photo: bool) -> str:
    is_enlarged = max(tile.picture.shape[:2]) < width
    return _FIGURE.format(
        room=width + _ROOM,
        width=width,
        source=_encode(tile.picture, width, is_photo=is_photo),
        title=escape(tile.title),
        pixels=";image-rendering:pixelated" if is_enlarged else "",
        texts=_build_texts(tile),
    )


def _encode(picture: NDArray[np.uint8], width: int, *, is_photo: bool) -> str:
    """Return a data URI: a file of its own is gone from the server after the next stroke."""
    if max(picture.shape[:2]) < width:
        return encode_png_uri(picture)
    rgb = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture
    return encode_preview(np.asarray(rgb, np.uint8), 2 * width, is_photo=is_photo)


def _build_texts(tile: Tile) -> str:
    if tile.agrees is not None:
        return _QUIET.format(text=_MARKS[tile.agrees] + escape(f"{tile.title}: {tile.note}"))
    title = _QUIET.format(text=escape(tile.title))
    result = f"<div><strong>{escape(tile.result)}</strong></div>" if tile.result else ""
    return title + result + (_QUIET.format(text=escape(tile.note)) if tile.note else "")
