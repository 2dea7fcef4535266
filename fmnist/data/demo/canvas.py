"""A drawing surface in garment coordinates that is rendered as one 28×28 image.

Points are ``(x, y)`` with x from -1 (left) to 1 and y from -1 (top) to 1. Two layers are drawn at
four times the size of the result: the garment's mask, and its ink, 128 for plain fabric, darker
below and lighter above.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from fmnist.classes import IMAGE_SIZE

Point = tuple[float, float]
FloatArray = npt.NDArray[np.float32]

PLAIN: Final = 128
"""The ink of plain fabric."""

SIZE: Final = 4 * IMAGE_SIZE
"""Side of the surface that images are drawn on."""

_MARGIN: Final = 0.8
"""Share of the surface that -1 to 1 takes, so that a turned garment stays inside."""


class Canvas:
    """Collects the shapes of one garment, slightly rotated and stretched at random.

    Args:
        rng: determines rotation, stretch and all other randomness.
        lean: standard deviation of the rotation, in radians.
        size: side of the surface in pixels.
    """

    def __init__(self, rng: np.random.Generator, *, lean: float = 0.04, size: int = SIZE) -> None:
        self.rng = rng
        self._size = size
        angle = rng.normal(0, lean)
        stretch = rng.uniform(0.88, 1.12)
        shear = rng.normal(0, lean)
        self._matrix = np.array(
            [
                [np.cos(angle) * stretch, np.sin(angle)],
                [shear - np.sin(angle), np.cos(angle)],
            ]
        )
        self._mask = Image.new("L", (size, size), 0)
        self._ink = Image.new("L", (size, size), PLAIN)
        self._mask_pen = ImageDraw.Draw(self._mask)
        self._ink_pen = ImageDraw.Draw(self._ink)

    def fill(self, points: Sequence[Point], *, ink: int = PLAIN, smooth: int = 1) -> None:
        """Add the polygon to the garment; ``smooth`` rounds its corners that many times."""
        pixels = self._to_pixels(points, smooth, closed=True)
        self._mask_pen.polygon(pixels, fill=255)
        self._ink_pen.polygon(pixels, fill=ink)

    def cut(self, points: Sequence[Point], *, smooth: int = 1) -> None:
        """Cut the polygon out of the garment."""
        self._mask_pen.polygon(self._to_pixels(points, smooth, closed=True), fill=0)

    def patch(self, points: Sequence[Point], ink: int, *, smooth: int = 0) -> None:
        """Ink a polygon on the fabric."""
        self._ink_pen.polygon(self._to_pixels(points, smooth, closed=True), fill=ink)

    def seam(self, points: Sequence[Point], ink: int, *, width: float = 0.05) -> None:
        """Ink a line on the fabric, rounded at its bends."""
        pixels = self._to_pixels(points, 2, closed=False)
        self._ink_pen.line(pixels, fill=ink, width=self._thickness(width), joint="curve")

    def strap(
        self, points: Sequence[Point], *, width: float = 0.1, ink: int = PLAIN, smooth: int = 2
    ) -> None:
        """Add a band along the points to the garment."""
        pixels = self._to_pixels(points, smooth, closed=False)
        self._mask_pen.line(pixels, fill=255, width=self._thickness(width), joint="curve")
        self._ink_pen.line(pixels, fill=ink, width=self._thickness(width), joint="curve")

    def render(self) -> tuple[FloatArray, FloatArray]:
        """Return mask (0 to 1) and ink (-1 to 1), float32 ``(28, 28)``.

        As in the data set, the garment is cut out, its longer side fills the image, and it is
        centred on the other.
        """
        left, top, right, bottom = self._mask.getbbox() or (0, 0, self._size, self._size)
        scale = IMAGE_SIZE / max(right - left, bottom - top)
        width = max(round((right - left) * scale), 1)
        height = max(round((bottom - top) * scale), 1)
        corner = ((IMAGE_SIZE - width) // 2, (IMAGE_SIZE - height) // 2)
        layers = []
        for layer, background in ((self._mask, 0), (self._ink, PLAIN)):
            small = layer.resize(
                (width, height), Image.Resampling.HAMMING, box=(left, top, right, bottom)
            )
            image = Image.new("L", (IMAGE_SIZE, IMAGE_SIZE), background)
            image.paste(small, corner)
            layers.append(np.asarray(image, np.float32))
        mask, ink = layers
        return mask / np.float32(255), (ink - PLAIN) / np.float32(PLAIN)

    def get_layers(self) -> tuple[FloatArray, FloatArray]:
        """Return mask (0 to 1) and ink (-1 to 1) as drawn, float32 ``(size, size)``."""
        mask, ink = (np.asarray(layer, np.float32) for layer in (self._mask, self._ink))
        return mask / np.float32(255), (ink - PLAIN) / np.float32(PLAIN)

    def _to_pixels(self, points: Sequence[Point], smooth: int, *, closed: bool) -> list[Point]:
        corners = _smoothing(len(points), smooth, closed) @ np.array(points)
        pixels = (corners @ self._matrix * _MARGIN + 1) * (self._size / 2)
        return list(map(tuple, pixels.tolist()))

    def _thickness(self, width: float) -> int:
        return max(round(width * _MARGIN * self._size / 2), 1)


def mirror(half: Sequence[Point], *, center: float = 0.0) -> list[Point]:
    """Return the closed outline whose right half is ``half``, from top to bottom."""
    return [*half, *((2 * center - x, y) for x, y in reversed(half))]


@functools.cache
def _smoothing(n_points: int, times: int, closed: bool) -> npt.NDArray[np.float64]:
    """Return the matrix that cuts the corners of a line (Chaikin, 1974), each into two points."""
    matrix = np.eye(n_points)
    for _ in range(times):
        following = np.roll(matrix, -1, axis=0)
        cut = np.stack([0.8 * matrix + 0.2 * following, 0.2 * matrix + 0.8 * following], axis=1)
        if closed:
            matrix = cut.reshape(-1, n_points)
        else:
            inner = cut[:-1].reshape(-1, n_points)
            matrix = np.concatenate([matrix[:1], inner, matrix[-1:]])
    return matrix
