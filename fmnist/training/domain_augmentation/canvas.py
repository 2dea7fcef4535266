"""A canvas larger than the image, so that a garment can be turned and spread before it is cut."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SIZE
from fmnist.images.compose.fit import Box, compute_box
from fmnist.images.segment.silhouette import fill_holes

Canvas = npt.NDArray[np.float32]
"""float32 ``(SIDE, SIDE, 4)``: tones 0–255; silhouette, fabric (silhouette without holes) and
marks, which are lines drawn on it, 0–1."""

Mask = npt.NDArray[np.bool_]

TONES: Final = 0
SILHOUETTE: Final = 1
CLOTH: Final = 2
MARKS: Final = 3

SIDE: Final = 72
"""Side in pixels, with room for half a garment on each side."""

_ZOOM: Final = 1.6
_DARK: Final = 12  # the data set's background is not exactly 0 everywhere
_HALF: Final = 0.5
LEAST_TONE: Final = 15

ROWS: Final = np.arange(SIDE, dtype=np.float32)[:, None]
COLUMNS: Final = np.arange(SIDE, dtype=np.float32)[None, :]


def spread_canvas(image: npt.NDArray[np.uint8]) -> Canvas:
    """Place an image, uint8 ``(28, 28)``, enlarged, in the middle of a canvas."""
    cloth = image > _DARK
    marks = np.zeros_like(image)
    layers = np.dstack([image, compute_silhouette(cloth), cloth, marks]).astype(np.float32)
    middle = SIDE / 2 - _ZOOM * (IMAGE_SIZE - 1) / 2
    return apply_affine(layers, np.array([[_ZOOM, 0, middle], [0, _ZOOM, middle]]))


def build_canvas(
    tones: npt.NDArray[np.floating], shape: Mask, marks: npt.NDArray[np.uint8]
) -> Canvas:
    """Return a canvas with something drawn: its tones, where it is, without holes, and its lines.

    Args:
        tones: ``(SIDE, SIDE)``, limited here to what the data set's background never has.
        shape: bool ``(SIDE, SIDE)``.
        marks: ``(SIDE, SIDE)``, 0 or 1; those outside of the shape are left out.
    """
    layers = [np.clip(tones, LEAST_TONE, 255) * shape, shape, shape, marks * shape]
    return np.dstack(layers).astype(np.float32)


def apply_affine(layers: Canvas, matrix: npt.NDArray[np.float64]) -> Canvas:
    """Transform an image or a canvas by a 2×3 matrix, and return a canvas."""
    canvas: Canvas = cv2.warpAffine(layers, matrix, (SIDE, SIDE))
    return canvas


def compute_silhouette(cloth: Mask) -> Mask:
    """Return the fabric with one-pixel gaps closed and holes filled."""
    framed = np.pad(cloth, 3).astype(np.uint8)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return fill_holes(closed > 0)[3:-3, 3:-3]


def is_inside(canvas: Canvas, layer: int = SILHOUETTE) -> Mask:
    """Return where a layer exceeds one half, bool ``(SIDE, SIDE)``."""
    return canvas[..., layer] > _HALF


def find_box(mask: Mask, min_side: int = 4) -> Box | None:
    """Return the box around a mask, or None if it has fewer than ``min_side`` rows or columns."""
    if not mask.any():
        return None
    box = compute_box(mask)
    return box if min(box.height, box.width) >= min_side else None


def turn(canvas: Canvas, degrees: float, x: float, y: float) -> Canvas:
    """Rotate a canvas about a point, counter-clockwise."""
    return apply_affine(canvas, cv2.getRotationMatrix2D((x, y), degrees, 1.0))


def move(canvas: Canvas, degrees: float, scale: float, right: float, down: float) -> Canvas:
    """Rotate and scale a canvas about its centre, then shift it by pixels."""
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, scale)
    matrix[:, 2] += right, down
    return apply_affine(canvas, matrix)


def lay_over(upper: Canvas, lower: Canvas) -> Canvas:
    """Composite one canvas over another."""
    return np.where(is_inside(upper)[..., None], upper, lower)


def build_field(rng: np.random.Generator, knots: int, strength: float) -> npt.NDArray[np.float32]:
    """Return a smooth random field, float32 ``(SIDE, SIDE)``, within about ± ``strength``."""
    values = rng.uniform(-strength, strength, (knots, knots)).astype(np.float32)
    field: npt.NDArray[np.float32]
    field = cv2.resize(values, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return field


def thicken(mask: Mask, pixels: int) -> Mask:
    """Dilate a mask by a square of this many pixels."""
    wide = cv2.dilate(mask.astype(np.uint8), np.ones((pixels, pixels), np.uint8))
    return np.asarray(wide > 0)


def thin(mask: Mask, pixels: int) -> Mask:
    """Erode a mask by a square of this many pixels."""
    narrow = cv2.erode(mask.astype(np.uint8), np.ones((pixels, pixels), np.uint8))
    return np.asarray(narrow > 0)
