"""Crops, scales and centres as in the data set: the longest side fills all 28 pixels.

Measured on the 60,000 training items (pixels above 0): the longest side is 28 pixels in 95 % and
never below 26, and the centre of the bounding box is within one pixel of the image's. So there is
no margin along the longest side, and the item is centred along the other.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SHAPE, IMAGE_SIZE
from fmnist.images.records import Mask, Pixels

_BLUR: Final = 0.35
"""Standard deviation of the anti-aliasing blur before scaling, in pixels of the image."""


class Box(NamedTuple):
    """Rows ``top`` to ``bottom``, columns ``left`` to ``right``; ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left


def compute_box(mask: Mask) -> Box:
    """Return the box around a mask that is not empty."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return Box(top, top + height, left, left + width)


def fit_image(
    tones: npt.NDArray[np.float32], box: Box, margin: float = 0.0, narrower: float = 1.0
) -> Pixels:
    """Scale part of a picture to 28 pixels along its longest side and centre it on black.

    Args:
        tones: float32 ``(h, w)``, 0–255.
        box: the part.
        margin: fraction of the longest side left free, both ends together. The margin shows what
            ``tones`` contains outside the box, and black outside the picture.
        narrower: factor of the width alone, at most 1.

    Returns:
        uint8 ``(28, 28)``.
    """
    scale = IMAGE_SIZE / (max(box.height, box.width) * (1 + margin))
    # Averages whatever becomes one pixel; hardly blurs what is enlarged.
    soft = cv2.GaussianBlur(np.ascontiguousarray(tones), (0, 0), max(0.01, _BLUR / scale))
    # Anything thinner than a pixel becomes one pixel wide, so that it does not disappear.
    across, along = max(narrower * scale, 1 / box.width), max(scale, 1 / box.height)
    # In both pictures, a pixel's centre lies half a pixel from its edge.
    right = IMAGE_SIZE / 2 - across * (box.left + box.right - 1) / 2 - 0.5
    down = IMAGE_SIZE / 2 - along * (box.top + box.bottom - 1) / 2 - 0.5
    matrix = np.array([[across, 0.0, right], [0.0, along, down]])
    fitted = cv2.warpAffine(soft, matrix, IMAGE_SHAPE[::-1], flags=cv2.INTER_LINEAR)
    return to_pixels(fitted)


def to_pixels(values: npt.NDArray[np.floating]) -> Pixels:
    """Return values rounded, and clipped to 0–255, as uint8."""
    return np.asarray(np.clip(np.round(values), 0, 255), dtype=np.uint8)
