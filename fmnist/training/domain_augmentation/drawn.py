"""Shapes of drawn garments: wider and shorter, with smooth edges; bags with a high handle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    MARKS,
    ROWS,
    SIDE,
    SILHOUETTE,
    TONES,
    Canvas,
    apply_affine,
    find_box,
    is_inside,
    thin,
)
from fmnist.training.domain_augmentation.coats import draw_coat
from fmnist.training.domain_augmentation.poses import (
    BAG,
    BOOT,
    COAT,
    DRESS,
    SHOES,
    SNEAKER,
    TOPS,
    TROUSER,
)
from fmnist.training.domain_augmentation.profiles import redraw_profile

_ROOM: Final = SIDE - 6
_BODY_ROOM: Final = SIDE - 28  # sleeves will be spread on both sides


@dataclass(frozen=True, slots=True)
class DrawingParameters:
    """How the shapes of drawn garments differ from the data set's.

    Attributes:
        slimmest: minimum aspect ratio relative to the data set, by label; ``slim`` for the others.
        slim: likewise.
        widest: maximum aspect ratio relative to the data set, by label; ``wide`` for the others.
        wide: likewise.
        rounding: range of the blur that smooths a silhouette, in canvas pixels.
        shoe_rounding: likewise for shoes.
        profile_shares: shares of shoes whose profile is redrawn, by label.
        handle_share: share of bags that get a high handle.
        body: height of such a bag's body, as a share of its original height.
        handle_half: range of half the handle's width, a share of the bag's.
        handle_height: range of its height, a share of the body's.
        open_share: share of handles drawn as two lines; ``empty_share`` of these are not filled.
        empty_share: likewise.
    """

    slimmest: Mapping[int, float] = field(
        default_factory=lambda: {TROUSER: 0.9, SNEAKER: 0.85, BOOT: 0.85}
    )
    slim: float = 0.85
    widest: Mapping[int, float] = field(
        default_factory=lambda: dict.fromkeys(TOPS, 1.6) | {TROUSER: 2.2, DRESS: 1.4, BOOT: 1.1}
    )
    wide: float = 1.25
    rounding: tuple[float, float] = (0.5, 2.5)
    shoe_rounding: tuple[float, float] = (0.8, 4.0)
    profile_shares: Mapping[int, float] = field(default_factory=lambda: {BOOT: 0.85, SNEAKER: 0.8})
    handle_share: float = 0.75
    body: float = 0.62
    handle_half: tuple[float, float] = (0.18, 0.5)
    handle_height: tuple[float, float] = (0.5, 1.1)
    open_share: float = 0.4
    empty_share: float = 0.3


PARAMETERS: Final = DrawingParameters()


def draw_loosely(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return the canvas with the garment's shape changed to that of a drawing from memory."""
    if label == BAG and rng.random() < PARAMETERS.handle_share:
        canvas = _raise_handle(canvas, rng)
    if rng.random() < PARAMETERS.profile_shares.get(label, 0.0):
        canvas = redraw_profile(canvas, label, rng)
    if label == COAT:
        canvas = draw_coat(canvas, rng)
    slimmest = PARAMETERS.slimmest.get(label, PARAMETERS.slim)
    wider = rng.uniform(slimmest, PARAMETERS.widest.get(label, PARAMETERS.wide))
    room = _BODY_ROOM if label in TOPS else _ROOM
    rounding = PARAMETERS.shoe_rounding if label in SHOES else PARAMETERS.rounding
    return _round_off(_widen(canvas, wider, room), rng.uniform(*rounding))


def _widen(canvas: Canvas, wider: float, room: int) -> Canvas:
    """Make the garment wider or, if the canvas is too narrow, lower."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    across = min(wider, room / box.width)
    along = across / wider
    matrix = [[across, 0, SIDE / 2 * (1 - across)], [0, along, SIDE / 2 * (1 - along)]]
    return apply_affine(canvas, np.array(matrix))


def _round_off(canvas: Canvas, reach: float) -> Canvas:
    """Smooth the silhouette with a blur of this many pixels, which removes smaller details."""
    soft = cv2.GaussianBlur(np.ascontiguousarray(canvas[..., SILHOUETTE]), (0, 0), reach)
    shape = soft > 0.5
    if shape.sum() < 0.5 * is_inside(canvas).sum():
        return canvas
    rounded = canvas.copy()
    rounded[..., SILHOUETTE] = shape
    return rounded


def _raise_handle(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Add a high handle to a bag; filling the outline also fills it."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    high = PARAMETERS.body
    body = apply_affine(canvas, np.array([[1, 0, 0], [0, high, SIDE / 2 * (1 - high) + 6]]))
    box = find_box(is_inside(body))
    if box is None:
        return canvas
    middle, half = (box.left + box.right) / 2, rng.uniform(*PARAMETERS.handle_half) * box.width
    high, corner = rng.uniform(*PARAMETERS.handle_height) * box.height, rng.uniform(1.5, 3.5)
    base = box.top + rng.uniform(0.0, 0.15) * box.height
    up = np.clip((base - ROWS) / high, 0, None)
    handle = (np.abs((COLUMNS - middle) / half) ** corner + up**corner < 1) & (base >= ROWS)
    bag = body.copy()
    behind = handle & ~is_inside(body)
    bag[behind] = body[..., TONES][is_inside(body)].mean(), 1.0, 1.0, 0.0
    line = np.zeros((SIDE, SIDE), np.bool_)
    line[round(base), :] = is_inside(body)[round(base), :]
    if rng.random() < PARAMETERS.open_share:
        inner = thin(handle, 2 * int(rng.integers(2, 5)) + 1)
        line |= inner & ~thin(inner, 3)
        if rng.random() < PARAMETERS.empty_share:
            bag[inner & behind] = 0.0
    bag[..., MARKS] = np.maximum(bag[..., MARKS], line & is_inside(bag))
    return bag
