"""Poses of clothes: sleeves and legs spread or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    Canvas,
    apply_affine,
    find_box,
    is_inside,
    lay_over,
    turn,
)

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SANDAL, SHIRT, SNEAKER, BAG, BOOT = range(10)

TOPS: Final = frozenset({T_SHIRT, PULLOVER, COAT, SHIRT})
SHOES: Final = frozenset({SANDAL, SNEAKER, BOOT})


@dataclass(frozen=True, slots=True)
class PoseParameters:
    """How clothes lie; lengths are shares of the garment's width or height.

    Attributes:
        sleeve: range of a sleeve's width, a share of the garment's.
        spread: range of the angle by which hanging sleeves are spread, in degrees.
        short_spread: likewise for short ones, at most.
        short_sleeves: two short sleeves stand out by at least this share of the width, and
        least_sleeve: each of them by at least this one.
        thicker: range of the factor by which sleeves, which hang in folds, are widened.
        shorter: range of the factor by which they are shortened.
        narrower: range of the strip cut off each side of a body without visible sleeves.
        vest_wider: range of the factor by which a coat without sleeves is widened.
        legs: range of the angle by which each leg is spread, in degrees.
    """

    sleeve: tuple[float, float] = (0.18, 0.27)
    spread: tuple[float, float] = (8, 60)
    short_spread: tuple[float, float] = (5, 45)
    short_sleeves: float = 0.14
    least_sleeve: float = 0.09
    thicker: tuple[float, float] = (1.0, 1.8)
    shorter: tuple[float, float] = (0.7, 1.0)
    narrower: tuple[float, float] = (0.12, 0.22)
    vest_wider: tuple[float, float] = (1.1, 1.8)
    legs: tuple[float, float] = (3, 14)


PARAMETERS: Final = PoseParameters()


def spread_limbs(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Spread the sleeves of a top or the legs of trousers, as people arrange and draw them.

    The data set's sleeves hang close to the body, so a strip on each side is cut off and rotated
    about the shoulder. A T-shirt whose lower part is as wide as its upper one shows no sleeves; it
    is first narrowed below them.
    """
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    if label == TROUSER:
        return _spread_legs(canvas, box, rng)
    share, degrees = rng.uniform(*PARAMETERS.sleeve), rng.uniform(*PARAMETERS.spread)
    rows = slice(box.top + int(0.58 * box.height), box.top + int(0.76 * box.height))
    body = np.flatnonzero(is_inside(canvas)[rows].mean(axis=0) > 0.6)
    if not len(body):
        return canvas
    gaps = body[0] - box.left, box.right - 1 - body[-1]
    is_short = sum(gaps) > PARAMETERS.short_sleeves * box.width
    if is_short and min(gaps) < PARAMETERS.least_sleeve * box.width:
        return canvas
    if label == T_SHIRT and not is_short:
        canvas, body = _narrow_body(canvas, box, rng)
        is_short = True
    left, right, end = box.left + share * box.width, box.right - share * box.width, box.bottom
    if is_short:
        degrees = min(degrees, rng.uniform(*PARAMETERS.short_spread))
        left, right, end = body[0] + 1.0, float(body[-1]), box.top + box.height // 2
    # The data set's sleeves hang down long and in folds.
    thicker, shorter = rng.uniform(*PARAMETERS.thicker), rng.uniform(*PARAMETERS.shorter)
    rest, arms = canvas, []
    for side, edge in ((-1, left), (1, right)):
        beyond = ((COLUMNS - edge) * side > 0) & (end > ROWS)
        sleeve = canvas * (beyond & (box.top + 0.06 * box.height < ROWS))[..., None]
        matrix = [[thicker, 0, edge * (1 - thicker)], [0, shorter, box.top * (1 - shorter)]]
        sleeve = apply_affine(sleeve, np.array(matrix))
        shoulder = box.top + rng.uniform(0.1, 0.2) * box.height
        arms.append(turn(sleeve, side * degrees + rng.normal(0, 4), edge, shoulder))
        rest = rest * ~(beyond & (box.top + 0.22 * box.height < ROWS))[..., None]
    for arm in arms:
        rest = lay_over(rest, arm)
    return rest


def _narrow_body(
    canvas: Canvas, box: Box, rng: np.random.Generator
) -> tuple[Canvas, npt.NDArray[np.intp]]:
    """Cut strips off both sides below the sleeves; return the canvas and the body's columns."""
    cut = round(rng.uniform(*PARAMETERS.narrower) * box.width)
    body = np.arange(box.left + cut, box.right - cut)
    below = box.top + rng.uniform(0.33, 0.48) * box.height < ROWS
    beyond = (body[0] > COLUMNS) | (body[-1] < COLUMNS)
    return canvas * ~(below & beyond)[..., None], body


def cut_sleeves(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Cut the sleeves off a coat, which makes it a vest."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    share = rng.uniform(*PARAMETERS.sleeve)
    left, right = box.left + share * box.width, box.right - share * box.width
    beyond = (left > COLUMNS) | (right < COLUMNS)
    # The shoulders are narrower than the hem, and the armholes round.
    across = np.minimum(COLUMNS - left, right - COLUMNS) / (rng.uniform(0.05, 0.15) * box.width)
    down = (ROWS - box.top - 0.2 * box.height) / (rng.uniform(0.15, 0.25) * box.height)
    vest = canvas * ~(beyond | (across**2 + down**2 < 1))[..., None]
    wider = rng.uniform(*PARAMETERS.vest_wider)
    return apply_affine(vest, np.array([[wider, 0, SIDE / 2 * (1 - wider)], [0, 1, 0]]))


def _spread_legs(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    degrees, middle = rng.uniform(*PARAMETERS.legs), (box.left + box.right) / 2
    halves = [
        turn(
            canvas * ((COLUMNS - middle) * side >= -0.5)[..., None],
            side * degrees,
            middle,
            box.top + 0.1 * box.height,
        )
        for side in (-1, 1)
    ]
    return np.maximum(*halves)
