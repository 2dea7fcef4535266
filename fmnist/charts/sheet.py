"""A contact sheet: many 28×28 images side by side, each with its caption."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR
from fmnist.errors import ImageError

_STYLE: Final = f"""
.sheet > div {{ display: grid; gap: 0.4rem;
  grid-template-columns: repeat(auto-fill, minmax(5.2rem, 1fr)); }}
.sheet > div > * {{ padding: 2px; border: 3px solid transparent; border-radius: 6px; margin: 0;
  background: none; color: inherit; font: inherit; font-size: 0.8rem; line-height: 1.25;
  text-align: center; overflow-wrap: anywhere; min-width: 0; }}
.sheet button {{ cursor: pointer; }}
.sheet button:hover {{ border-color: {MUTED_COLOR}; }}
.sheet button[aria-pressed=true] {{ border-color: {ACCENT_COLOR}; }}
.sheet button:focus-visible {{ outline: 3px solid {TRAIN_COLOR}; }}
.sheet img {{ display: block; width: 100%; image-rendering: pixelated; margin-bottom: 2px; }}
"""


def encode_png(pixels: NDArray[np.uint8]) -> str:
    """Return a picture, uint8 ``(h, w)``, ``(h, w, 3)`` or ``(h, w, 4)``, as a data URI."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def decode_png(data: bytes, side: int) -> NDArray[np.uint8]:
    """Return the picture in a PNG file of ``side`` × ``side`` pixels, as a canvas sends it.

    Raises:
        ImageError: it is anything else, which the canvas can't have sent; decoding it might take
            minutes and gigabytes.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        is_ours = picture.size == (side, side)
        pixels = np.asarray(picture) if is_ours else np.zeros(0, np.uint8)
    except Exception:  # noqa: BLE001 - plug-ins raise whatever broken bytes lead them to
        is_ours = False
    if not is_ours:
        raise ImageError(
            f"The drawing is not a PNG picture of {side} × {side} pixels, as the canvas sends it:"
            " reload the page and draw it again."
        )
    return pixels


def draw_sheet(
    images: NDArray[np.uint8], captions: Sequence[str], *, label: str, is_clickable: bool = False
) -> str:
    """Draw a contact sheet as HTML: rows of images, as many as fit, with their captions.

    HTML rather than a chart: it wraps in a narrow window and fills a wide one, and its captions
    keep their size.

    Args:
        images: uint8 ``(n, 28, 28)``.
        captions: one short line per image.
        label: what the images are, for screen readers.
        is_clickable: whether each image is a button, whose value is the image's position.
    """
    role, start, end = "list", '<div role="listitem">', "</div>"
    if is_clickable:
        role, start, end = "group", '<button type="button" value="{i}">', "</button>"
    tiles = [
        f'{start.format(i=i)}<img alt="" src="{encode_png(image)}">'
        f"<span>{escape(caption)}</span>{end}"
        for i, (image, caption) in enumerate(zip(images, captions, strict=True))
    ]
    return (
        f'<div class="sheet"><style>{_STYLE}</style>'
        f'<div role="{role}" aria-label="{escape(label)}">{"".join(tiles)}</div></div>'
    )
