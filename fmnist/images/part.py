"""Cuts parts out of a picture, reduces them for segmentation, and keeps track of their position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from fmnist.images.compose.fit import Box
from fmnist.images.records import Pixels, Point
from fmnist.images.segment import background
from fmnist.images.segment.figure_parameters import CELLS

WORKING_SIDE: Final = 192
"""Maximum side for segmentation, in pixels; 6.9 times the image's."""

_LEAST_BOX: Final = 8  # pixels; a smaller box was probably drawn by accident


@dataclass(frozen=True)
class Place:
    """The position of a part in a picture: its top left corner, in pixels, and its scale."""

    top: float = 0.0
    left: float = 0.0
    scale: float = 1.0

    def locate(self, frame: tuple[float, float, float]) -> tuple[float, float, float]:
        """Convert a square (top, left, side) from the part's coordinates to the picture's."""
        top, left, side = (self.scale * value for value in frame)
        return self.top + top, self.left + left, side

    def find(self, point: Point, picture: Pixels, inside: Pixels, corner: tuple[int, int]) -> Point:
        """Convert a point of the picture to one of a region inside the part, both as fractions.

        Args:
            point: the point in the picture.
            picture: ``(h, w, 3)``.
            inside: the region, ``(h, w, 3)``.
            corner: row and column of the part at which the region begins.
        """
        x = (point[0] * picture.shape[1] - self.left) / self.scale - corner[1]
        y = (point[1] * picture.shape[0] - self.top) / self.scale - corner[0]
        return x / inside.shape[1], y / inside.shape[0]


def cut_to_plot(rgba: Pixels, box: Box, height: int) -> tuple[Pixels, Place]:
    """Return a figure's plot, reduced, and its position in a picture of the given height."""
    line = CELLS.line if min(box.height, box.width) > 2 * CELLS.line + 1 else 0
    top, left = box.top + line, box.left + line
    plot = rgba[top : box.bottom - line, left : box.right - line]
    rgb, _ = background.flatten_alpha(reduce_part(plot))
    scale = height / len(rgba)
    return rgb, Place(top * scale, left * scale, scale * len(plot) / len(rgb))


def cut_box(rgba: Pixels, box: tuple[float, float, float, float] | None) -> Pixels:
    """Return the part inside a box (left, top, right, bottom as fractions), or all if None."""
    if box is None:
        return rgba
    height, width = rgba.shape[:2]
    left, top, right, bottom = box
    columns = slice(max(0, round(left * width)), round(right * width))
    rows = slice(max(0, round(top * height)), round(bottom * height))
    part = rgba[rows, columns]
    return part if min(part.shape[:2]) >= min(_LEAST_BOX, height, width) else rgba


def reduce_part(rgba: Pixels) -> Pixels:
    """Return a picture reduced to at most ``WORKING_SIDE`` pixels per side."""
    if max(rgba.shape[:2]) <= WORKING_SIDE:
        return rgba
    # Pillow multiplies by alpha and divides again, which takes longer than reducing.
    mode = "RGBX" if rgba[..., 3].min() == 255 else "RGBA"
    size = rgba.shape[1], rgba.shape[0]
    picture = Image.frombuffer(mode, size, np.ascontiguousarray(rgba), "raw", mode, 0, 1)
    picture.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX, reducing_gap=None)
    return np.array(picture)
