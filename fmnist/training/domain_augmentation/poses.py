"""Poses of garments: sleeves and legs spread or cut off, shoes in pairs and from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    apply_affine,
    find_box,
    is_inside,
    lay_over,
    move,
    thin,
    turn,
)
from fmnist.training.domain_augmentation.soles import Upper, lay_sole

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SANDAL, SHIRT, SNEAKER, BAG, BOOT = range(10)

TOPS: Final = frozenset({T_SHIRT, PULLOVER, COAT, SHIRT})
SHOES: Final = frozenset({SANDAL, SNEAKER, BOOT})

_UPPERS: Final[dict[int, Upper]] = {SANDAL: "straps", SNEAKER: "laces", BOOT: "shaft"}


@dataclass(frozen=True, slots=True)
class PoseParameters:
    """How garments lie and shoes stand; lengths are shares of the garment's width or height.

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
        above_shares: shares of pairs of shoes seen from above, by label; boots stand.
        sole_shares: shares of shoes seen from above that are drawn as a sole, by label.
        shade_share: share of pairs with a dark line where the front shoe covers the other.
        side_by_side_share: share of pairs of boots from the side that stand side by side.
        mirrored_share: share of pairs whose hind shoe points the other way.
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
    above_shares: Mapping[int, float] = field(
        default_factory=lambda: {SANDAL: 0.7, SNEAKER: 0.7, BOOT: 0.4}
    )
    sole_shares: Mapping[int, float] = field(
        default_factory=lambda: {SANDAL: 0.85, SNEAKER: 0.65, BOOT: 0.7}
    )
    shade_share: float = 0.6
    side_by_side_share: float = 0.5
    mirrored_share: float = 0.25


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


def build_pair(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Add a second shoe: beside the first, seen from above, or behind it, seen from the side."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    first, second = (
        pair_from_above(canvas, label, rng)
        if rng.random() < PARAMETERS.above_shares[label]
        else pair_behind(canvas, label, box, rng)
    )
    pair = lay_over(first, second)
    if rng.random() < PARAMETERS.shade_share:
        front = is_inside(first)
        line = front & ~thin(front, 3) & is_inside(second)
        pair[line, TONES] *= rng.uniform(0, 0.6)
    return pair


def pair_from_above(canvas: Canvas, label: int, rng: np.random.Generator) -> tuple[Canvas, Canvas]:
    """Return the two shoes of a pair, seen from above, side by side."""
    shoe = show_from_above(canvas, label, rng)
    rows = np.flatnonzero(is_inside(shoe).any(axis=1))
    scale = rng.uniform(0.75, 0.95)
    width = (rows[-1] + 1 - rows[0]) * scale if len(rows) else 10.0
    upright, apart = rng.choice([90, -90]) + rng.normal(0, 20), rng.normal(0, 9)
    gap, lag = width * rng.uniform(0.8, 1.25), rng.normal(0, 2)
    other = np.ascontiguousarray(shoe[::-1])
    return (
        move(shoe, upright + apart, scale, -gap / 2, lag),
        move(other, upright - apart, scale, gap / 2, lag),
    )


def show_from_above(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return a shoe seen from above, toe to the left or right: as a sole, or widened."""
    if rng.random() < PARAMETERS.sole_shares.get(label, 0.0):
        return lay_sole(canvas, rng, upper=_UPPERS[label])
    # From above, a shoe is about as wide as a flat one is high from the side.
    wider = rng.uniform(0.9, 1.3) if label == BOOT else rng.uniform(1.0, 1.9)
    shoe = apply_affine(canvas, np.array([[1, 0, 0], [0, wider, SIDE / 2 * (1 - wider)]]))
    if label != BOOT and rng.random() < 0.5:
        shoe = lay_over(shoe, shoe[::-1])  # symmetric, like a sole
    return shoe


def pair_behind(
    canvas: Canvas, label: int, box: Box, rng: np.random.Generator
) -> tuple[Canvas, Canvas]:
    """Return the front and the hind shoe of a pair seen from the side."""
    scale = 0.85
    right, up = rng.uniform(-0.35, 0.35) * box.width, rng.uniform(0.1, 0.55) * box.height
    if label == BOOT and rng.random() < PARAMETERS.side_by_side_share:  # side by side
        scale, right, up = 0.62, rng.choice([-1, 1]) * rng.uniform(0.5, 1.0) * box.width, 0.0
    behind = canvas[:, ::-1] if rng.random() < PARAMETERS.mirrored_share else canvas
    return (
        move(canvas, rng.normal(0, 8), scale, -right / 2, up / 2),
        move(np.ascontiguousarray(behind), rng.normal(0, 14), scale, right / 2, -up / 2),
    )
