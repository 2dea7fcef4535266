"""Detects pictures that already are images like the data set's, saved to a file."""

from __future__ import annotations

from typing import Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, IMAGE_SIZE
from fmnist.images.compose.fit import compute_box
from fmnist.images.records import Pixels
from fmnist.images.segment.background import compute_border

# Measured on the 60,000 training items: these bounds hold for 99.96 %.
_DARK: Final = 8
_DARK_SHARE: Final = 0.5
_MIN_SIDE: Final = 26
_MAX_OFF_CENTRE: Final = 1.5


def match_data_set(rgb: Pixels) -> Pixels | None:
    """Return the picture, or its negative, if it already looks like the data set; else None.

    It must be 28×28 and grey, with at least half of its border at 8 or below. The longest side of
    the pixels above 0 must be at least 26, and their centre within 1.5 pixels of the image's.

    Args:
        rgb: uint8 ``(h, w, 3)``.

    Returns:
        uint8 ``(28, 28)``, light on dark, or None.
    """
    if rgb.shape[:2] != IMAGE_SHAPE or np.abs(np.diff(rgb.astype(np.int16), axis=2)).max() > 1:
        return None
    for image in (rgb[..., 0], 255 - rgb[..., 0]):
        if (compute_border(image) <= _DARK).mean() < _DARK_SHARE or not image.any():
            continue
        top, bottom, left, right = compute_box(image > 0)
        off_centre = max(abs(top + bottom - IMAGE_SIZE), abs(left + right - IMAGE_SIZE)) / 2
        if max(bottom - top, right - left) >= _MIN_SIDE and off_centre <= _MAX_OFF_CENTRE:
            return np.ascontiguousarray(image)
    return None


def is_zero_or_one(rgba: Pixels) -> bool:
    """Return whether an opaque grey picture contains the values 0 and 1, and no others.

    Such a file was saved from values between 0 and 1 and looks entirely black.

    Args:
        rgba: uint8 ``(h, w, 4)``.
    """
    grey = rgba[..., 0]
    if grey.max() != 1 or grey.min() != 0 or rgba[..., 3].min() < 255:
        return False
    return bool((rgba[..., :3] == grey[..., None]).all())
