"""Encodes pictures as files: lossless, or small for a page."""

from __future__ import annotations

import base64
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.reduce import reduce_picture

_FAST_PNG: Final = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
)
"""Takes a third of Pillow's fastest setting, with files no larger."""

_JPEG: Final = (cv2.IMWRITE_JPEG_QUALITY, 90)

_TO_OPENCV: Final = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}


def encode_png(picture: npt.NDArray[np.uint8]) -> bytes:
    """Return a PNG file with the same pixels, uint8 ``(h, w)``, ``(h, w, 3)`` or ``(h, w, 4)``."""
    return _encode(".png", picture, _FAST_PNG)


def encode_png_uri(picture: npt.NDArray[np.uint8]) -> str:
    """Return the result of ``encode_png`` as a data URI."""
    return _build_uri("png", encode_png(picture))


def encode_preview(picture: npt.NDArray[np.uint8], side: int, *, is_photo: bool) -> str:
    """Return a reduced picture as a data URI.

    Args:
        picture: uint8, RGB ``(h, w, 3)`` or RGBA ``(h, w, 4)``.
        side: maximum side, in pixels.
        is_photo: whether JPEG may be used, at a tenth of PNG's size, unless the picture is
            transparent.
    """
    # Down to half the size, interpolation skips no pixel and takes a fifth of the time.
    is_near = 2 * side >= max(picture.shape[:2])
    small = reduce_picture(picture, side, cv2.INTER_LINEAR if is_near else cv2.INTER_AREA)
    if small[..., 3:].min(initial=255) < 255:
        return encode_png_uri(small)
    if is_photo:
        return _build_uri("jpeg", _encode(".jpg", small[..., :3], _JPEG))
    return encode_png_uri(small[..., :3])


def _encode(suffix: str, picture: npt.NDArray[np.uint8], options: tuple[int, ...]) -> bytes:
    ordered = picture
    if picture.ndim == 3:
        ordered = cv2.cvtColor(np.ascontiguousarray(picture), _TO_OPENCV[picture.shape[2]])
    return bytes(cv2.imencode(suffix, ordered, options)[1])


def _build_uri(kind: str, data: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
