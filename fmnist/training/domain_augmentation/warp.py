"""Geometric warps: turn, shear, stretch, perspective and a hand's wobble."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import COLUMNS, ROWS, SIDE, Canvas, build_field


@dataclass(frozen=True, slots=True)
class WarpParameters:
    """How far a view is warped.

    Attributes:
        shrink: scale of every view, so that a turned garment stays on the canvas.
        knots: points per side of the random field that displaces edges.
        lean: standard deviation of the shear.
        perspective: standard deviation of the perspective, per canvas pixel.
        mirror_share: share of the views that are mirrored.
    """

    shrink: float = 0.95
    knots: int = 5
    lean: float = 0.08
    perspective: float = 0.0012
    mirror_share: float = 0.5


PARAMETERS: Final = WarpParameters()


def warp_view(
    canvas: Canvas,
    rng: np.random.Generator,
    *,
    tilt: float,
    wobble: float,
    wider: tuple[float, float] = (0.0, 0.0),
) -> Canvas:
    """Return the canvas from another view, half of the time mirrored.

    Args:
        canvas: the canvas to warp.
        rng: the source of all randomness.
        tilt: standard deviation of the turn, in degrees.
        wobble: largest displacement of a point, in canvas pixels, like that of lines drawn by hand.
        wider: mean and standard deviation of the logarithm of how much wider for its height it
            becomes; without the standard deviation there is no shear and no perspective.
    """
    angle, lean, stretch = np.deg2rad(rng.normal(0, tilt)), 0.0, 0.0
    perspective = np.zeros(2)
    if wider[1]:
        lean, stretch = rng.normal(0, PARAMETERS.lean), rng.normal(*wider) / 2
        perspective = rng.normal(0, PARAMETERS.perspective, 2)
    turned = np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    ) @ np.array([[math.exp(stretch), lean], [0, math.exp(-stretch)]])
    if rng.random() < PARAMETERS.mirror_share:
        turned[:, 0] *= -1
    view = np.eye(3)
    view[:2, :2] = turned * PARAMETERS.shrink
    view[2, :2] = perspective
    to_middle = np.array([[1, 0, SIDE / 2], [0, 1, SIDE / 2], [0, 0, 1.0]])
    view = to_middle @ view @ np.linalg.inv(to_middle)
    if not wobble:
        return np.asarray(cv2.warpPerspective(canvas, view, (SIDE, SIDE)))
    back = np.linalg.inv(view)
    x = COLUMNS + build_field(rng, PARAMETERS.knots, wobble)
    y = ROWS + build_field(rng, PARAMETERS.knots, wobble)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    from_x = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    from_y = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    places = from_x.astype(np.float32), from_y.astype(np.float32)
    return np.asarray(cv2.remap(canvas, *places, cv2.INTER_LINEAR))
