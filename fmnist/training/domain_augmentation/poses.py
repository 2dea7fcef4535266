"""How garments lie: sleeves and legs spread, shoes in pairs, and what is left of a wearer."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    Mask,
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

_SOLE_SHARES: Final = {SANDAL: 0.85, SNEAKER: 0.85, BOOT: 0.7}
_ABOVE: Final = {SANDAL: 0.7, SNEAKER: 0.7, BOOT: 0.4}  # boots stand, and are seen from the side
_UPPERS: Final[dict[int, Upper]] = {SANDAL: "straps", SNEAKER: "laces", BOOT: "shaft"}
_SHORT_SLEEVES: Final = 0.14  # of the width that two sleeves hardly reach when they hang down
_LEAST_SLEEVE: Final = 0.09


def spread_limbs(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Spread the sleeves of a top or the legs of trousers, as people lay and draw them.

    The data set's sleeves hang close to the body; a strip at either side is cut off and turned
    about the shoulder. A T-shirt whose lower part is as wide as its upper shows no sleeves: below
    them it is made narrower first.
    """
    box = find_box(is_inside(canvas), least=8)
    if box is None:
        return canvas
    if label == TROUSER:
        return _spread_legs(canvas, box, rng)
    share, degrees = rng.uniform(0.18, 0.27), rng.uniform(8, 60)
    rows = slice(box.top + int(0.58 * box.height), box.top + int(0.76 * box.height))
    body = np.flatnonzero(is_inside(canvas)[rows].mean(axis=0) > 0.6)
    if not len(body):
        return canvas
    gaps = body[0] - box.left, box.right - 1 - body[-1]
    is_short = sum(gaps) > _SHORT_SLEEVES * box.width
    if is_short and min(gaps) < _LEAST_SLEEVE * box.width:
        return canvas
    if label == T_SHIRT and not is_short:
        canvas, body = _narrow_body(canvas, box, rng)
        is_short = True
    left, right, end = box.left + share * box.width, box.right - share * box.width, box.bottom
    if is_short:
        degrees = min(degrees, rng.uniform(5, 45))
        left, right, end = body[0] + 1.0, float(body[-1]), box.top + box.height // 2
    # The data set's hang down long and in folds.
    thicker, shorter = rng.uniform(1.0, 1.8), rng.uniform(0.7, 1.0)
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
    cut = round(rng.uniform(0.12, 0.22) * box.width)
    body = np.arange(box.left + cut, box.right - cut)
    below = box.top + rng.uniform(0.33, 0.48) * box.height < ROWS
    beyond = (body[0] > COLUMNS) | (body[-1] < COLUMNS)
    return canvas * ~(below & beyond)[..., None], body


def _spread_legs(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    degrees, middle = rng.uniform(3, 14), (box.left + box.right) / 2
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


def flare_skirt(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Widen a dress towards its hem, as a skirt falls when it is spread out."""
    box = find_box(is_inside(canvas), least=8)
    if box is None:
        return canvas
    waist = box.top + rng.uniform(0.1, 0.5) * box.height
    down = np.clip((ROWS - waist) / max(box.bottom - waist, 1.0), 0, 1)
    middle = (box.left + box.right) / 2
    columns = middle + (COLUMNS - middle) / (1 + rng.uniform(0.2, 1.4) * down)
    rows = np.broadcast_to(ROWS, columns.shape)
    flared = cv2.remap(canvas, columns.astype(np.float32), rows, cv2.INTER_LINEAR)
    return np.asarray(flared)


def make_pair(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Put a second shoe beside a shoe, both seen from above, or behind it, a little aside."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    first, second = (
        pair_from_above(canvas, label, rng)
        if rng.random() < _ABOVE[label]
        else pair_behind(canvas, label, box, rng)
    )
    pair = lay_over(first, second)
    if rng.random() < 0.6:
        front = is_inside(first)
        line = front & ~thin(front, 3) & is_inside(second)
        pair[line, TONES] *= rng.uniform(0, 0.6)
    return pair


def pair_from_above(canvas: Canvas, label: int, rng: np.random.Generator) -> tuple[Canvas, Canvas]:
    """Return the two shoes of a pair as they stand before whoever takes them off."""
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
    if rng.random() < _SOLE_SHARES.get(label, 0.0):
        return lay_sole(canvas, rng, upper=_UPPERS[label])
    # From above, a shoe is about as wide as a flat one is high from the side.
    wider = rng.uniform(0.9, 1.3) if label == BOOT else rng.uniform(1.0, 1.9)
    shoe = apply_affine(canvas, np.array([[1, 0, 0], [0, wider, SIDE / 2 * (1 - wider)]]))
    if label != BOOT and rng.random() < 0.5:
        shoe = lay_over(shoe, shoe[::-1])  # alike on either side, as a sole is
    return shoe


def pair_behind(
    canvas: Canvas, label: int, box: Box, rng: np.random.Generator
) -> tuple[Canvas, Canvas]:
    """Return the front and the hind shoe of a pair seen from the side."""
    scale = 0.85
    right, up = rng.uniform(-0.35, 0.35) * box.width, rng.uniform(0.1, 0.55) * box.height
    if label == BOOT and rng.random() < 0.5:  # side by side, as they stand in a hall
        scale, right, up = 0.62, rng.choice([-1, 1]) * rng.uniform(0.5, 1.0) * box.width, 0.0
    behind = canvas[:, ::-1] if rng.random() < 0.25 else canvas
    return (
        move(canvas, rng.normal(0, 8), scale, -right / 2, up / 2),
        move(np.ascontiguousarray(behind), rng.normal(0, 14), scale, right / 2, -up / 2),
    )


def add_wearer(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Leave part of whoever wears it: head and hips at a top, a shirt above trousers, an ankle."""
    box = find_box(is_inside(canvas), least=8)
    if box is None:
        return canvas
    middle = (box.left + box.right) / 2 + rng.normal(0, 1)
    canvas = canvas.copy()
    if label in TOPS or label == DRESS:
        if rng.random() < 0.7:
            _paint(canvas, _head(box, middle, rng), rng)
        if rng.random() < 0.7:
            wide = rng.uniform(0.45, 0.75) if label in TOPS else rng.uniform(0.2, 0.45)
            _paint(canvas, _legs(box, middle, wide * box.width, rng), rng)
    elif label == TROUSER:
        half, high = rng.uniform(0.5, 0.75) * box.width, rng.uniform(0.1, 0.5) * box.height
        below = box.top + 0.06 * box.height > ROWS
        torso = (abs(COLUMNS - middle) < half) & (box.top - high < ROWS) & below
        _paint(canvas, torso, rng)
    elif label in SHOES:
        heel = rng.choice([box.left, box.right]) * 0.75 + middle * 0.25
        half, high = rng.uniform(0.1, 0.2) * box.width, rng.uniform(0.2, 0.8) * box.width
        leg = (abs(COLUMNS - heel) < half) & (box.top - high < ROWS) & (box.bottom - 4 > ROWS)
        _paint(canvas, leg, rng)
    return canvas


def _head(box: Box, middle: float, rng: np.random.Generator) -> Mask:
    wide, neck = rng.uniform(0.11, 0.17) * box.width, rng.uniform(0.0, 0.1) * box.height
    high, top = wide * rng.uniform(1.2, 1.6), box.top - neck
    head = ((COLUMNS - middle) / wide) ** 2 + ((ROWS - top + 0.8 * high) / high) ** 2 < 1
    throat = (abs(COLUMNS - middle) < 0.6 * wide) & (top - high < ROWS) & (box.top + 3 > ROWS)
    cut = top - 2 * high * rng.uniform(0.3, 1.3)  # the picture may end at the chin
    return np.asarray((head | throat) & (cut < ROWS))


def _legs(box: Box, middle: float, wide: float, rng: np.random.Generator) -> Mask:
    end = box.bottom + rng.uniform(0.1, 0.6) * box.height
    legs = (abs(COLUMNS - middle) < wide / 2) & (box.bottom - 3 < ROWS) & (end > ROWS)
    crotch = box.bottom + rng.uniform(0.05, 0.3) * box.height
    between = (abs(COLUMNS - middle) < rng.uniform(0, 0.12) * wide + 0.5) & (crotch < ROWS)
    return np.asarray(legs & ~between)


def _paint(canvas: Canvas, where: Mask, rng: np.random.Generator) -> None:
    """Add something behind the garment, of one tone."""
    behind = where & ~is_inside(canvas)
    canvas[behind] = rng.uniform(20, 235), 1.0, 1.0, 0.0
