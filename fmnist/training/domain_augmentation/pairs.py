"""Pairs of shoes, as they are photographed: from above, obliquely, or one behind the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    LEAST_TONE,
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
from fmnist.training.domain_augmentation.poses import BOOT, SANDAL, SNEAKER
from fmnist.training.domain_augmentation.soles import Upper, lay_sole

_UPPERS: Final[dict[int, Upper]] = {SANDAL: "straps", SNEAKER: "laces", BOOT: "shaft"}
_MIDDLE: Final = SIDE / 2


@dataclass(frozen=True, slots=True)
class PairParameters:
    """How pairs of shoes stand; lengths are shares of one shoe's length or height.

    Attributes:
        above_shares: shares of pairs seen from above, by label; boots stand.
        oblique_shares: shares of the others seen obliquely, by label.
        sole_shares: shares of shoes seen from above that are drawn as a sole, by label.
        upright: standard deviation of a pair's rotation from upright, in degrees.
        shade_share: share of pairs with a dark line where the front shoe covers the other.
        thicker: range of the factor by which a shoe is higher when it is seen obliquely, by label.
        shear: standard deviation of the shear of an oblique view.
        aside: range of the distance of oblique shoes along their length, and
        behind: across it.
        oblique_turn: standard deviation of an oblique pair's rotation, in degrees.
        opening_share: share of oblique sneakers whose opening is visible; ``opening`` is the range
            of how much its tone differs.
        opening: likewise.
        side_by_side_share: share of pairs of boots from the side that stand side by side.
        mirrored_share: share of pairs from the side whose hind shoe points the other way.
    """

    above_shares: Mapping[int, float] = field(
        default_factory=lambda: {SANDAL: 0.5, SNEAKER: 0.45, BOOT: 0.4}
    )
    oblique_shares: Mapping[int, float] = field(
        default_factory=lambda: {SANDAL: 0.6, SNEAKER: 0.7, BOOT: 0.4}
    )
    sole_shares: Mapping[int, float] = field(
        default_factory=lambda: {SANDAL: 0.85, SNEAKER: 0.65, BOOT: 0.8}
    )
    upright: float = 28
    shade_share: float = 0.6
    thicker: Mapping[int, tuple[float, float]] = field(
        default_factory=lambda: {SANDAL: (1.0, 1.8), SNEAKER: (1.1, 1.8), BOOT: (0.85, 1.2)}
    )
    shear: float = 0.25
    aside: tuple[float, float] = (-0.4, 0.4)
    behind: tuple[float, float] = (0.35, 0.95)
    oblique_turn: float = 25
    opening_share: float = 0.7
    opening: tuple[float, float] = (30, 150)
    side_by_side_share: float = 0.5
    mirrored_share: float = 0.25


PARAMETERS: Final = PairParameters()


def build_pair(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Add a second shoe: beside the first, seen from above or obliquely, or behind it."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    if rng.random() < PARAMETERS.above_shares[label]:
        first, second = pair_from_above(canvas, label, rng)
    elif rng.random() < PARAMETERS.oblique_shares[label]:
        first, second = pair_obliquely(canvas, label, rng)
    else:
        first, second = pair_behind(canvas, label, box, rng)
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
    upright, apart = rng.choice([90, -90]) + rng.normal(0, PARAMETERS.upright), rng.normal(0, 9)
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


def pair_obliquely(canvas: Canvas, label: int, rng: np.random.Generator) -> tuple[Canvas, Canvas]:
    """Return the front and the hind shoe of a pair seen from the side and from above at once."""
    thicker, shear = rng.uniform(*PARAMETERS.thicker[label]), rng.normal(0, PARAMETERS.shear)
    shift = _MIDDLE * np.array([-shear, 1 - thicker])
    shoe = apply_affine(canvas, np.array([[1, shear, shift[0]], [0, thicker, shift[1]]]))
    box = find_box(is_inside(shoe))
    if box is None:
        return canvas, canvas
    if label == SNEAKER and rng.random() < PARAMETERS.opening_share:
        shoe = _show_opening(shoe, box, rng)
    right = rng.uniform(*PARAMETERS.aside) * box.width
    up = rng.uniform(*PARAMETERS.behind) * box.height
    scale = min(1.0, 0.9 * SIDE / np.hypot(box.width + abs(right), box.height + up))
    degrees = rng.normal(0, PARAMETERS.oblique_turn)
    first, second = (
        turn(
            move(shoe, rng.normal(0, 6), scale, side * right * scale / 2, -side * up * scale / 2),
            degrees,
            _MIDDLE,
            _MIDDLE,
        )
        for side in (-1, 1)
    )
    return first, second


def _show_opening(shoe: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    """Give the opening of a shoe, above its heel, another tone."""
    x = box.left + rng.uniform(0.68, 0.8) * box.width
    half, high = rng.uniform(0.12, 0.25) * box.width, rng.uniform(0.1, 0.25) * box.height
    y = box.top + rng.uniform(0.0, 0.3) * box.height
    inside = ((COLUMNS - x) / half) ** 2 + ((ROWS - y) / high) ** 2 < 1
    inside &= is_inside(shoe)
    opened = shoe.copy()
    opened[inside, TONES] += rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.opening)
    opened[inside, TONES] = np.clip(opened[inside, TONES], LEAST_TONE, 255)
    return opened
