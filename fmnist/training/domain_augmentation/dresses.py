"""Dresses as they lie: with a wider skirt, and with sleeves spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.canvas import (
    CLOTH,
    COLUMNS,
    LEAST_TONE,
    ROWS,
    SIDE,
    SILHOUETTE,
    TONES,
    Canvas,
    find_box,
    is_inside,
)


@dataclass(frozen=True, slots=True)
class DressParameters:
    """How dresses vary.

    Attributes:
        waist: range of the height at which a skirt begins to widen.
        flare: range of how much wider its hem becomes.
        sleeve: range of a sleeve's length, a share of the dress's height.
        thickness: range of its width at the shoulder, a share of the same.
        taper: range of its width at the end, a share of that at the shoulder.
        spread: range of its angle below the horizontal, in degrees.
        shade: standard deviation of how much its tone differs.
    """

    waist: tuple[float, float] = (0.1, 0.5)
    flare: tuple[float, float] = (0.2, 1.4)
    sleeve: tuple[float, float] = (0.08, 0.45)
    thickness: tuple[float, float] = (0.12, 0.2)
    taper: tuple[float, float] = (0.6, 1.1)
    spread: tuple[float, float] = (15, 75)
    shade: float = 12


PARAMETERS: Final = DressParameters()


def flare_skirt(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Widen a dress towards its hem, like a spread-out skirt."""
    box = find_box(is_inside(canvas), min_side=8)
    if box is None:
        return canvas
    waist = box.top + rng.uniform(*PARAMETERS.waist) * box.height
    down = np.clip((ROWS - waist) / max(box.bottom - waist, 1.0), 0, 1)
    middle = (box.left + box.right) / 2
    columns = middle + (COLUMNS - middle) / (1 + rng.uniform(*PARAMETERS.flare) * down)
    rows = np.broadcast_to(ROWS, columns.shape)
    flared = cv2.remap(canvas, columns.astype(np.float32), rows, cv2.INTER_LINEAR)
    return np.asarray(flared)


def add_sleeves(canvas: Canvas, rng: np.random.Generator) -> Canvas:
    """Draw sleeves at the shoulders of a dress, in its mean tone: most of the data set have none.

    With them spread, a dress differs from a T-shirt by its length alone.
    """
    garment = is_inside(canvas)
    box = find_box(garment, min_side=8)
    if box is None:
        return canvas
    shoulder = box.top + 0.06 * box.height
    row = np.flatnonzero(garment[min(SIDE - 1, round(box.top + 0.1 * box.height))])
    if len(row) < 2:
        return canvas
    long, wide = (
        rng.uniform(*each) * box.height for each in (PARAMETERS.sleeve, PARAMETERS.thickness)
    )
    degrees, taper = rng.uniform(*PARAMETERS.spread), rng.uniform(*PARAMETERS.taper)
    sleeves = np.zeros((SIDE, SIDE), np.uint8)
    for side, edge in ((-1, row[0]), (1, row[-1])):
        angle = np.deg2rad(degrees + rng.normal(0, 5))
        along = np.array([side * np.cos(angle), np.sin(angle)])
        across = np.array([-side * np.sin(angle), np.cos(angle)])
        start = np.array([edge - side * wide * 0.4, shoulder])
        end = start + along * (long + wide * 0.4)
        corners = [start, end, end + across * wide * taper, start + across * wide]
        cv2.fillPoly(sleeves, [np.round(corners).astype(np.int32)], 1)
    added = (sleeves > 0) & ~garment
    dressed = canvas.copy()
    tone = canvas[..., TONES][garment].mean() + rng.normal(0, PARAMETERS.shade)
    dressed[added, TONES] = np.clip(tone, LEAST_TONE, 255)
    dressed[added, SILHOUETTE] = dressed[added, CLOTH] = 1
    return dressed
