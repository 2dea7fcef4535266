"""Backpacks, which the data set's bags hardly include: a tall round shape with a pocket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    build_canvas,
    build_field,
    is_inside,
)

_MIDDLE: Final = SIDE / 2


@dataclass(frozen=True, slots=True)
class BackpackParameters:
    """How backpacks vary.

    Attributes:
        half: range of half the width, in canvas pixels.
        height: range of the height, a share of the width.
        roundness: range of the exponent of the outline; 2 is an ellipse, more is squarer.
        pocket: range of the height at which the front pocket begins, a share of the height.
        contrast: range of how much pocket, flap and straps differ, in tones.
        texture: range of the tones' variation.
        strap_share: share with compression straps, ``handle_share`` with a handle on top,
            ``side_share`` with pockets on the sides.
        handle_share: likewise.
        side_share: likewise.
    """

    half: tuple[float, float] = (13, 19)
    height: tuple[float, float] = (1.15, 1.8)
    roundness: tuple[float, float] = (2.4, 6)
    pocket: tuple[float, float] = (0.4, 0.65)
    contrast: tuple[float, float] = (0, 110)
    texture: tuple[float, float] = (3, 40)
    strap_share: float = 0.5
    handle_share: float = 0.7
    side_share: float = 0.4


PARAMETERS: Final = BackpackParameters()


def show_backpack(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Return a backpack from the front, of the mean tone of a bag."""
    garment = is_inside(canvas)
    tone = canvas[..., TONES][garment].mean() if garment.any() else 128.0
    half = rng.uniform(*PARAMETERS.half)
    high = half * rng.uniform(*PARAMETERS.height)
    power = rng.uniform(*PARAMETERS.roundness)
    x, y = (COLUMNS - _MIDDLE) / half, (ROWS - _MIDDLE) / high
    shape = abs(x) ** power + abs(y) ** power < 1
    if rng.random() < PARAMETERS.side_share:
        wide = rng.uniform(1.1, 1.35)
        shape |= (abs(x) < wide) & (y > rng.uniform(0, 0.3)) & (y < 0.85)
    if rng.random() < PARAMETERS.handle_share:
        ring = ((COLUMNS - _MIDDLE) / rng.uniform(3, 6)) ** 2
        ring = ring + ((ROWS - _MIDDLE + high) / rng.uniform(2, 6)) ** 2
        shape |= (ring < 1) & (ring > rng.uniform(0, 0.5))
    relief, seams = np.zeros((SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.uint8)
    start = 2 * rng.uniform(*PARAMETERS.pocket) - 1
    _draw_pocket((relief, seams), (half, high), start, rng)
    contrast = rng.choice([-1, 1]) * rng.uniform(*PARAMETERS.contrast)
    texture = build_field(rng, int(rng.integers(2, 14)), rng.uniform(*PARAMETERS.texture))
    return build_canvas(tone + texture + contrast * relief, shape, seams)


def _draw_pocket(
    sheets: tuple[np.ndarray, np.ndarray],
    sides: tuple[float, float],
    start: float,
    rng: np.random.Generator,
) -> None:
    """Draw the front pocket, the zip above it, and straps."""
    (relief, seams), (half, high) = sheets, sides
    inset = rng.uniform(0.6, 0.9) * half
    top, bottom = round(_MIDDLE + start * high), round(_MIDDLE + rng.uniform(0.75, 0.95) * high)
    corners = (round(_MIDDLE - inset), top), (round(_MIDDLE + inset), bottom)
    cv2.rectangle(relief, *corners, float(rng.normal(0, 0.7)), -1)
    for sheet, value in ((relief, float(rng.normal(0, 1))), (seams, 1)):
        cv2.rectangle(sheet, *corners, value, 1)
        axes = round(half * 0.8), round(high * (0.8 + start) * rng.uniform(0.5, 1.0)) + 1
        cv2.ellipse(sheet, (round(_MIDDLE), top), axes, 0, 180, 360, value, 1)
    if rng.random() < PARAMETERS.strap_share:
        value, wide = float(rng.normal(0, 1)), int(rng.integers(1, 4))
        for side in (-1, 1):
            x = round(_MIDDLE + side * half * rng.uniform(0.35, 0.75))
            ends = (x, round(_MIDDLE - high * 0.7)), (x, round(_MIDDLE + high * 0.9))
            cv2.line(relief, *ends, value, wide)
            cv2.line(seams, *ends, 1, 1)
