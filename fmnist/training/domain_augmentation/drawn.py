"""How people draw a garment: broad and short, with smooth edges, a bag with a high handle."""

from __future__ import annotations

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
from fmnist.training.domain_augmentation.poses import (
    BAG,
    BOOT,
    DRESS,
    SHOES,
    SNEAKER,
    TOPS,
    TROUSER,
)
from fmnist.training.domain_augmentation.profiles import redraw_profile

_WIDEST: Final = dict.fromkeys(TOPS, 1.6) | {TROUSER: 2.2, DRESS: 1.4, BOOT: 1.8}
"""How much wider for its height a garment is drawn at most, by label."""

_ROUNDED: Final = {False: (0.5, 2.5), True: (0.8, 4.0)}
"""How wide the blur is that takes the detail off a silhouette, of shoes more."""

_SLIMMEST: Final = {TROUSER: 0.9, BOOT: 0.7}
_HANDLE_SHARE: Final = 0.75
_PROFILE_SHARES: Final = {BOOT: 0.6, SNEAKER: 0.35}
_BODY: Final = 0.62  # of a bag's height, when its handle is as high as the rest
_ROOM: Final = SIDE - 6
_BODY_ROOM: Final = SIDE - 28  # sleeves will be spread on either side


def draw_loosely(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return the canvas with the garment shaped as a hand draws it from memory."""
    if label == BAG and rng.random() < _HANDLE_SHARE:
        canvas = _raise_handle(canvas, rng)
    if rng.random() < _PROFILE_SHARES.get(label, 0.0):
        canvas = redraw_profile(canvas, label, rng)
    wider = rng.uniform(_SLIMMEST.get(label, 0.85), _WIDEST.get(label, 1.25))
    room = _BODY_ROOM if label in TOPS else _ROOM
    return _round_off(_widen(canvas, wider, room), rng.uniform(*_ROUNDED[label in SHOES]))


def _widen(canvas: Canvas, wider: float, room: int) -> Canvas:
    """Make the garment so much wider for its height; what would not fit is lower instead."""
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    across = min(wider, room / box.width)
    along = across / wider
    matrix = [[across, 0, SIDE / 2 * (1 - across)], [0, along, SIDE / 2 * (1 - along)]]
    return apply_affine(canvas, np.array(matrix))


def _round_off(canvas: Canvas, reach: float) -> Canvas:
    """Smooth the silhouette by a blur so wide, in pixels: what is smaller isn't drawn."""
    soft = cv2.GaussianBlur(np.ascontiguousarray(canvas[..., SILHOUETTE]), (0, 0), reach)
    shape = soft > 0.5
    if shape.sum() < 0.5 * is_inside(canvas).sum():
        return canvas
    rounded = canvas.copy()
    rounded[..., SILHOUETTE] = shape
    return rounded


def _raise_handle(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Put a high handle on a bag, which an outline's filling fills with it."""
    box = find_box(is_inside(canvas), least=8)
    if box is None:
        return canvas
    body = apply_affine(canvas, np.array([[1, 0, 0], [0, _BODY, SIDE / 2 * (1 - _BODY) + 6]]))
    box = find_box(is_inside(body))
    if box is None:
        return canvas
    middle, half = (box.left + box.right) / 2, rng.uniform(0.18, 0.5) * box.width
    high, corner = rng.uniform(0.5, 1.1) * box.height, rng.uniform(1.5, 3.5)
    base = box.top + rng.uniform(0.0, 0.15) * box.height
    up = np.clip((base - ROWS) / high, 0, None)
    handle = (np.abs((COLUMNS - middle) / half) ** corner + up**corner < 1) & (base >= ROWS)
    bag = body.copy()
    behind = handle & ~is_inside(body)
    bag[behind] = body[..., TONES][is_inside(body)].mean(), 1.0, 1.0, 0.0
    line = np.zeros((SIDE, SIDE), np.bool_)
    line[round(base), :] = is_inside(body)[round(base), :]
    if rng.random() < 0.4:  # drawn as two lines, or open
        inner = thin(handle, 2 * int(rng.integers(2, 5)) + 1)
        line |= inner & ~thin(inner, 3)
        if rng.random() < 0.3:
            bag[inner & behind] = 0.0
    bag[..., MARKS] = np.maximum(bag[..., MARKS], line & is_inside(bag))
    return bag
