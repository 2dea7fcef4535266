"""A sheet to draw an outlier on: its shape, and how much its parts differ from the rest."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import SIDE

_MIDDLE: Final = SIDE / 2

Point = tuple[float, float]
"""Right and down of the middle, in canvas pixels."""


class Sheet:
    """Two drawings: the shape, uint8, and the relief, float32, each ``(SIDE, SIDE)``.

    The relief is 0 where a part has the main tone; elsewhere it is multiplied by a contrast.
    """

    def __init__(self) -> None:
        self.shape = np.zeros((SIDE, SIDE), np.uint8)
        self.relief = np.zeros((SIDE, SIDE), np.float32)

    def fill(self, points: list[Point], relief: float = 0.0) -> None:
        """Draw a filled polygon."""
        corners = np.array([_place(point) for point in points])
        cv2.fillPoly(self.shape, [corners], 1)
        cv2.fillPoly(self.relief, [corners], relief)

    def fill_ellipse(
        self, middle: Point, axes: Point, relief: float = 0.0, turn: float = 0.0
    ) -> None:
        """Draw a filled ellipse, rotated clockwise by degrees."""
        place, sides = _place(middle), (max(1, round(axes[0])), max(1, round(axes[1])))
        cv2.ellipse(self.shape, place, sides, turn, 0, 360, 1, -1)
        cv2.ellipse(self.relief, place, sides, turn, 0, 360, relief, -1)

    def draw_line(self, points: list[Point], width: float, relief: float = 0.0) -> None:
        """Draw a line through points, at least one pixel wide."""
        corners, wide = np.array([_place(point) for point in points]), max(1, round(width))
        cv2.polylines(self.shape, [corners], False, 1, wide)
        cv2.polylines(self.relief, [corners], False, relief, wide)

    def cut_ellipse(self, middle: Point, axes: Point) -> None:
        """Cut an ellipse out of the shape."""
        sides = max(1, round(axes[0])), max(1, round(axes[1]))
        cv2.ellipse(self.shape, _place(middle), sides, 0, 0, 360, 0, -1)


def _place(point: Point) -> tuple[int, int]:
    return round(_MIDDLE + point[0]), round(_MIDDLE + point[1])
