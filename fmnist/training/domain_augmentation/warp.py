"""A view from somewhere else: turned, leaning, stretched, in perspective, drawn by hand."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import COLUMNS, ROWS, SIDE, Canvas, make_field

_SHRINK: Final = 0.95
_KNOTS: Final = 5


def warp_view(
    canvas: Canvas,
    rng: np.random.Generator,
    *,
    tilt: float,
    wobble: float,
    wider: tuple[float, float] = (0.0, 0.0),
) -> Canvas:
    """Return the canvas seen otherwise, mirrored half of the time.

    Args:
        canvas: what is there.
        rng: decides everything.
        tilt: standard deviation of the turn, in degrees.
        wobble: farthest that a place strays, in pixels of the canvas, as a hand's lines do.
        wider: mean and standard deviation of the logarithm of how much wider for its height it
            becomes; without the latter nothing leans either.
    """
    angle, lean, stretch = np.deg2rad(rng.normal(0, tilt)), 0.0, 0.0
    perspective = np.zeros(2)
    if wider[1]:
        lean, stretch = rng.normal(0, 0.08), rng.normal(*wider) / 2
        perspective = rng.normal(0, 0.0012, 2)
    turned = np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    ) @ np.array([[math.exp(stretch), lean], [0, math.exp(-stretch)]])
    if rng.random() < 0.5:
        turned[:, 0] *= -1
    view = np.eye(3)
    view[:2, :2] = turned * _SHRINK
    view[2, :2] = perspective
    to_middle = np.array([[1, 0, SIDE / 2], [0, 1, SIDE / 2], [0, 0, 1.0]])
    view = to_middle @ view @ np.linalg.inv(to_middle)
    if not wobble:
        return np.asarray(cv2.warpPerspective(canvas, view, (SIDE, SIDE)))
    back = np.linalg.inv(view)
    x = COLUMNS + make_field(rng, _KNOTS, wobble)
    y = ROWS + make_field(rng, _KNOTS, wobble)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    from_x = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    from_y = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    places = from_x.astype(np.float32), from_y.astype(np.float32)
    return np.asarray(cv2.remap(canvas, *places, cv2.INTER_LINEAR))
