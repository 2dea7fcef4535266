"""Thousands of points as one picture, which a browser draws at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.charts.sheet import encode_png

SIDE: Final = 1600
"""Pixels of the picture's side: more than twice those of a chart on a page, so that it can be
zoomed into."""

RADIUS: Final = 6
"""Pixels of a point's radius, 2 to 3 on a page."""

_MARGIN: Final = 0.03
"""Empty fraction of the longer side, on each side."""


@dataclass(frozen=True)
class Square:
    """The part of a plane that the picture shows.

    Attributes:
        left: smallest x.
        bottom: smallest y.
        side: length of its sides, in the units of the plane.
    """

    left: float
    bottom: float
    side: float


def find_square(positions: NDArray[np.float32]) -> Square:
    """Return a square around all points with a margin; positions are ``(n, 2)``, n > 0."""
    low, high = positions.min(axis=0).astype(float), positions.max(axis=0).astype(float)
    side = max(float((high - low).max()), 1e-6) * (1 + 2 * _MARGIN)
    left, bottom = (low + high) / 2 - side / 2
    return Square(float(left), float(bottom), side)


def draw_points(positions: NDArray[np.float32], colors: NDArray[np.uint8], square: Square) -> str:
    """Draw points as discs, later ones above earlier ones; return a PNG file as a data URI.

    Args:
        positions: float32 ``(n, 2)``, x and y, y upwards.
        colors: RGBA of each point, uint8 ``(n, 4)``.
        square: the part of the plane to draw.
    """
    places = (positions - (square.left, square.bottom)) / square.side * (SIDE - 1)
    columns, rows = (
        np.round(places[:, 0]).astype(int),
        SIDE - 1 - np.round(places[:, 1]).astype(int),
    )
    down, right = np.mgrid[-RADIUS : RADIUS + 1, -RADIUS : RADIUS + 1]
    is_inside = down**2 + right**2 <= RADIUS**2
    # One assignment, point after point: where discs overlap, the last one remains.
    at_rows = np.clip(rows[:, None] + down[is_inside], 0, SIDE - 1)
    at_columns = np.clip(columns[:, None] + right[is_inside], 0, SIDE - 1)
    picture = np.zeros((SIDE, SIDE, 4), np.uint8)
    picture[at_rows, at_columns] = colors[:, None]
    return encode_png(picture)
