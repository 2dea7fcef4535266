"""Reduces bit depth and size strip by strip: a copy of the whole picture takes too much memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from fmnist.images.records import Pixels

_DEEP_TOPS: Final = (1023.0, 4095.0, 16383.0, 65535.0, 2147483647.0)  # 10 to 31 bits a pixel

_STRIP_VALUES: Final = 100_000
"""Values per strip; as 64-bit floats, a whole picture would take 400 MB."""


def scale_deep(image: Image.Image) -> Image.Image:
    """Scale grey values of 16 bits, 32 bits or floating point to 0–255, strip by strip.

    The scale is the smallest usual white point (10, 12, 14, 16 or 31 bits; 1.0 or 255 for floats)
    that covers every value. If values are negative or exceed all of these, they are scaled by their
    own range.
    """
    height = max(1, _STRIP_VALUES // image.width)

    def read_strips() -> Iterator[npt.NDArray[Any]]:
        for top in range(0, image.height, height):
            bottom = min(top + height, image.height)
            strip = np.asarray(image.crop((0, top, image.width, bottom)))
            yield np.where(np.isfinite(strip), strip, 0) if image.mode == "F" else strip

    ranges = [(float(strip.min()), float(strip.max())) for strip in read_strips()]
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    tops = (1.0, 255.0, *_DEEP_TOPS) if image.mode == "F" else (255.0, *_DEEP_TOPS)
    top = next((top for top in tops if high <= top), None)
    if low < 0 or top is None:
        start, scale = low, 255.0 / (high - low) if high > low else 1.0
    else:
        start, scale = 0.0, 255.0 / top
    grey = [_scale(strip, start, scale) for strip in read_strips()]
    return keep_orientation(image, Image.fromarray(np.concatenate(grey)))


def _scale(values: npt.NDArray[Any], start: float, scale: float) -> Pixels:
    scaled = values.astype(np.float64)
    scaled -= start
    scaled *= scale
    return np.rint(scaled, out=scaled).astype(np.uint8)


def reduce_large(image: Image.Image, least_side: int) -> Image.Image:
    """Average square blocks of pixels; the longest side stays at least ``least_side`` pixels.

    Returns:
        An RGBA image with the EXIF orientation of ``image``.
    """
    factor = max(1, max(image.size) // least_side)
    height = factor * max(1, _STRIP_VALUES // (image.width * factor))
    strips = [
        image.crop((0, top, image.width, min(top + height, image.height)))
        .convert("RGBA")
        .reduce(factor)
        for top in range(0, image.height, height)
    ]
    reduced = Image.new("RGBA", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        reduced.paste(strip, (0, top))
        top += strip.height
    return keep_orientation(image, reduced)


def keep_orientation(image: Image.Image, changed: Image.Image) -> Image.Image:
    """Return the changed image with the original's EXIF orientation, to be rotated later."""
    with contextlib.suppress(Exception):  # a damaged EXIF block is ignored
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        changed.getexif()[ExifTags.Base.Orientation] = orientation
    return changed
