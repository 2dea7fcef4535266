"""Coats worn or drawn open, and with a hood: the data set's are closed, and hang without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.images.compose.fit import Box
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    LEAST_TONE,
    MARKS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    find_box,
    is_inside,
)


@dataclass(frozen=True, slots=True)
class CoatParameters:
    """How coats vary; lengths are shares of the coat's height or width.

    Attributes:
        gap_share: share of drawn coats whose front opens towards the hem.
        gap_top: range of the height at which it begins to open.
        gap: range of half its width at the hem.
        hood_share: share of drawn coats with a hood; ``rim_share`` of these with a second line.
        rim_share: likewise.
        hood: range of half the hood's height.
        lining: range of half the width, at the neck and at the hem, of what is seen where a
            photographed coat is open.
        short_share: share of coats that are open from the neck down to somewhere above the hem.
        contrast: range of how much the tone there differs.
        texture: how much of the coat's own variation it keeps.
    """

    gap_share: float = 0.3
    gap_top: tuple[float, float] = (0.1, 0.7)
    gap: tuple[float, float] = (0.05, 0.2)
    hood_share: float = 0.15
    rim_share: float = 0.4
    hood: tuple[float, float] = (0.12, 0.25)
    lining: tuple[float, float] = (0.01, 0.14)
    short_share: float = 0.4
    contrast: tuple[float, float] = (30, 150)
    texture: float = 0.3


PARAMETERS: Final = CoatParameters()


def draw_coat(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Return a coat, sometimes with a front that opens towards the hem or with a hood."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    if rng.random() < PARAMETERS.gap_share:
        canvas = _open_hem(canvas, box, rng)
    if rng.random() < PARAMETERS.hood_share:
        canvas = _add_hood(canvas, box, rng)
    return canvas


def _open_hem(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    top = box.top + rng.uniform(*PARAMETERS.gap_top) * box.height
    half = rng.uniform(*PARAMETERS.gap) * box.width
    half = half * np.clip((ROWS - top) / (box.bottom - top), 0, 1)
    gap = (np.abs(COLUMNS - (box.left + box.right) / 2) < half) & (top < ROWS)
    return np.asarray(canvas * ~gap[..., None])


def _add_hood(canvas: Canvas, box: Box, rng: np.random.Generator) -> Canvas:
    middle = (box.left + box.right) / 2
    high = rng.uniform(*PARAMETERS.hood) * box.height
    half = high * rng.uniform(0.7, 1.1)
    row = box.top - high * rng.uniform(0.2, 0.7)
    hood = ((ROWS - row) / high) ** 2 + ((COLUMNS - middle) / half) ** 2 < 1
    lines = np.zeros((SIDE, SIDE), np.uint8)
    for size in (1.0, 0.6)[: 1 + int(rng.random() < PARAMETERS.rim_share)]:
        axes = round(half * size), round(high * size)
        cv2.ellipse(lines, (round(middle), round(row)), axes, 0, 0, 360, 1, 1)
    coat = canvas.copy()
    tone = canvas[..., TONES][is_inside(canvas)].mean()
    coat[hood & ~is_inside(canvas)] = tone, 1.0, 1.0, 0.0
    coat[..., MARKS] = np.maximum(coat[..., MARKS], lines * is_inside(coat))
    return coat


def open_front(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Return a coat worn open: a strip of what is worn below it, of another tone."""
    cloth = is_inside(canvas)
    box = find_box(cloth, min_side=8)
    if box is None:
        return canvas
    middle = (box.left + box.right) / 2 + rng.normal(0, 0.04) * box.width
    down = np.clip((ROWS - box.top) / box.height, 0, 1)
    neck, hem = rng.uniform(*PARAMETERS.lining, 2) * box.width
    end = 1.0 if rng.random() < 1 - PARAMETERS.short_share else rng.uniform(0.4, 1.0)
    strip = (np.abs(COLUMNS - middle) < neck + (hem - neck) * down) & (down < end) & cloth
    tones = canvas[..., TONES]
    mean = tones[cloth].mean()
    other = mean + rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.contrast)
    opened = canvas.copy()
    below = other + PARAMETERS.texture * (tones[strip] - mean)
    opened[strip, TONES] = np.clip(below, LEAST_TONE, 255)
    return opened
