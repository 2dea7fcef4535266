"""Parts of a wearer that stay in a photo: head and hips, a shirt, an ankle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    Canvas,
    Mask,
    find_box,
    is_inside,
)
from fmnist.training.domain_augmentation.poses import DRESS, SHOES, TOPS, TROUSER


@dataclass(frozen=True, slots=True)
class WearerParameters:
    """How often parts of a wearer are added, and their tones.

    Attributes:
        head_share: share of worn tops and dresses with a head.
        hip_share: share of worn tops and dresses with hips and legs.
        tone: range of a part's one tone, 0 to 255.
    """

    head_share: float = 0.7
    hip_share: float = 0.7
    tone: tuple[float, float] = (20, 235)


PARAMETERS: Final = WearerParameters()


def add_wearer(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Add parts of a wearer: head and hips to a top, a shirt above trousers, an ankle to a shoe."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    middle = (box.left + box.right) / 2 + rng.normal(0, 1)
    canvas = canvas.copy()
    if label in TOPS or label == DRESS:
        if rng.random() < PARAMETERS.head_share:
            _paint(canvas, _head(box, middle, rng), rng)
        if rng.random() < PARAMETERS.hip_share:
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
    """Add a shape of one tone behind the garment."""
    behind = where & ~is_inside(canvas)
    canvas[behind] = rng.uniform(*PARAMETERS.tone), 1.0, 1.0, 0.0
