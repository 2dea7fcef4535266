"""Which points of a map a lasso or a box encloses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def find_enclosed(
    positions: NDArray[np.float32], xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which points lie inside a polygon, by the even-odd rule, bool ``(n,)``.

    A ray from a point to the right crosses the outline an odd number of times if the point is
    inside (Shimrat 1962).

    Args:
        positions: float32 ``(n, 2)``, x and y.
        xs: x of the corners, ``(k,)``, k > 2; the last one is joined to the first.
        ys: y of the corners, ``(k,)``.
    """
    x, y = positions[:, 0].astype(float), positions[:, 1].astype(float)
    inside = np.zeros(len(positions), bool)
    for x0, y0, x1, y1 in zip(xs, ys, np.roll(xs, -1), np.roll(ys, -1), strict=True):
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return inside


def find_in_box(
    positions: NDArray[np.float32], xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which points lie in a box between two corners, bool ``(n,)``; arguments likewise."""
    x, y = positions.T
    inside = (xs.min() <= x) & (x <= xs.max()) & (ys.min() <= y) & (y <= ys.max())
    return np.asarray(inside)
