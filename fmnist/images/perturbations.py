"""Small changes to an image that should not change its prediction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from fmnist.classes import IMAGE_SIZE
from fmnist.images.records import Pixels
from fmnist.images.segment.silhouette import fill_holes

_Change = Callable[[Pixels], Pixels]

_MIDDLE: Final = (IMAGE_SIZE - 1) / 2
_PIXELS: Final = 2
_DARK: Final = 12  # the data set's background is not exactly 0 everywhere


def make_perturbations(image: Pixels) -> dict[str, Pixels]:
    """Return shifted, scaled, rotated, brighter, darker and inverted copies, by name.

    Args:
        image: uint8 ``(28, 28)``, 0 background.

    Returns:
        One uint8 ``(28, 28)`` per name.
    """
    return {name: change(image) for name, change in _CHANGES.items()}


def _move(right: float = 0, down: float = 0, scale: float = 1.0, degrees: float = 0.0) -> _Change:
    matrix = cv2.getRotationMatrix2D((_MIDDLE, _MIDDLE), degrees, scale)
    matrix[:, 2] += (right, down)

    def change(image: Pixels) -> Pixels:
        return np.asarray(cv2.warpAffine(image, matrix, (IMAGE_SIZE, IMAGE_SIZE)))

    return change


def _light(gain: float) -> _Change:
    def change(image: Pixels) -> Pixels:
        return np.asarray(np.clip(np.round(image * gain), 0, 255), dtype=np.uint8)

    return change


def _invert(image: Pixels) -> Pixels:
    """Negate the garment but not the background."""
    inside = fill_holes(image > _DARK)
    return np.where(inside, np.maximum(255 - image, _DARK + 1), image).astype(np.uint8)


_CHANGES: Final[dict[str, _Change]] = {
    "left": _move(right=-_PIXELS),
    "right": _move(right=_PIXELS),
    "up": _move(down=-_PIXELS),
    "down": _move(down=_PIXELS),
    "smaller": _move(scale=0.85),
    "larger": _move(scale=1.12),
    "turned left": _move(degrees=10),
    "turned right": _move(degrees=-10),
    "brighter": _light(1.4),
    "darker": _light(0.6),
    "inverted": _invert,
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
}
