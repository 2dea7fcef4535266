"""Outliers: images of none of the ten classes, cut from training images or drawn.

A network trained to be undecided about these is also undecided about other outliers (Hendrycks et
al., Deep Anomaly Detection with Outlier Exposure, 2019). Only the training set and geometry are
used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from fmnist.training.domain_augmentation.accessories import draw_accessory
from fmnist.training.domain_augmentation.canvas import (
    COLUMNS,
    ROWS,
    SIDE,
    Canvas,
    Mask,
    build_canvas,
    build_field,
    find_box,
    is_inside,
)
from fmnist.training.domain_augmentation.poses import DRESS, TROUSER

_MIDDLE: Final = SIDE / 2


def build_outlier(canvas: Canvas, label: int, rng: np.random.Generator) -> Canvas:
    """Return a canvas with an outlier.

    Trousers become shorts, most dresses skirts, everything else an accessory, a hat, a blob, a
    face, letters or noise.
    """
    if label == TROUSER:
        return _cut_rows(canvas, 0.0, rng.uniform(*PARAMETERS.shorts))
    if label == DRESS and rng.random() < PARAMETERS.skirt_share:
        return _cut_rows(canvas, rng.uniform(*PARAMETERS.skirt), 1.0)
    if rng.random() < PARAMETERS.accessory_share:
        return draw_accessory(rng)
    mask = _DRAWERS[rng.choice(len(_DRAWERS), p=PARAMETERS.shares)](rng)
    tone, knots = rng.uniform(*PARAMETERS.tone), int(rng.integers(2, 12))
    tones = tone + build_field(rng, knots, rng.uniform(*PARAMETERS.texture))
    drawn = build_canvas(tones, mask, np.zeros(mask.shape, np.uint8))
    return drawn if mask.any() else canvas * np.float32(0.0)


def _cut_rows(canvas: Canvas, start: float, end: float) -> Canvas:
    box = find_box(is_inside(canvas))
    if box is None:
        return canvas
    kept = (box.top + start * box.height <= ROWS) & (box.top + end * box.height > ROWS)
    return canvas * kept[..., None]


def _draw_hat(rng: np.random.Generator) -> Mask:
    """Draw a dome on a brim, or with a peak on one side."""
    half, high = rng.uniform(10, 17), rng.uniform(8, 20)
    dome = ((COLUMNS - _MIDDLE) / half) ** 2 + ((ROWS - _MIDDLE) / high) ** 2 < 1
    dome = dome & (_MIDDLE + rng.uniform(0, 0.35) * high > ROWS)
    wide, thick = half * rng.uniform(1.1, 1.9), rng.uniform(2, 7)
    aside = 0.0
    if rng.random() < 0.5:
        aside, wide = rng.choice([-1, 1]) * half * rng.uniform(0.5, 1.0), half * 0.9
    x, y = COLUMNS - _MIDDLE - aside, ROWS - _MIDDLE - rng.uniform(0, 3)
    return np.asarray(dome | ((x / wide) ** 2 + (y / thick) ** 2 < 1))


def _draw_skirt(rng: np.random.Generator) -> Mask:
    """Draw a trapezium that widens downwards."""
    high, waist = rng.uniform(12, 24), rng.uniform(6, 12)
    flare = rng.uniform(0.05, 0.7)
    down = ROWS - (_MIDDLE - high)
    return np.asarray(
        (down >= 0) & (down < 2 * high) & (abs(COLUMNS - _MIDDLE) < waist + flare * down)
    )


def _draw_shorts(rng: np.random.Generator) -> Mask:
    """Draw a broad block with a slit."""
    high, half = rng.uniform(9, 16), rng.uniform(11, 18)
    lean = rng.uniform(-0.1, 0.35)
    down = ROWS - (_MIDDLE - high)
    block = (down >= 0) & (down < 2 * high) & (abs(COLUMNS - _MIDDLE) < half + lean * (down - high))
    slit = rng.uniform(0.5, 1.2) * high
    return np.asarray(
        block & ~((down > slit) & (abs(COLUMNS - _MIDDLE) < 0.25 * (down - slit) + 0.5))
    )


def _draw_blob(rng: np.random.Generator) -> Mask:
    """Draw a smooth random shape, in one piece or several."""
    off = ((COLUMNS - _MIDDLE) / rng.uniform(10, 26)) ** 2 + (
        (ROWS - _MIDDLE) / rng.uniform(10, 26)
    ) ** 2
    return np.asarray(build_field(rng, int(rng.integers(3, 9)), 1.2) + 0.6 - off > 0)


def _draw_face(rng: np.random.Generator) -> Mask:
    """Draw an oval with eyes and a mouth cut out."""
    wide, high = rng.uniform(12, 20), rng.uniform(15, 24)
    x, y = (COLUMNS - _MIDDLE) / wide, (ROWS - _MIDDLE) / high
    eyes = ((abs(x) - 0.4) / 0.18) ** 2 + ((y + 0.2) / 0.12) ** 2 < 1
    mouth = (x / 0.4) ** 2 + ((y - 0.45) / 0.1) ** 2 < 1
    return np.asarray((x**2 + y**2 < 1) & ~(eyes | mouth))


def _draw_text(rng: np.random.Generator) -> Mask:
    """Draw one to three lines of letters."""
    sheet = np.zeros((SIDE, SIDE), np.uint8)
    for line in range(int(rng.integers(1, 4))):
        letters = "".join(chr(code) for code in rng.integers(65, 91, int(rng.integers(2, 6))))
        place = int(rng.integers(2, 16)), 24 + 18 * line
        cv2.putText(sheet, letters, place, 0, rng.uniform(0.4, 0.9), 255, int(rng.integers(1, 4)))
    return np.asarray(sheet > 127)


def _draw_noise(rng: np.random.Generator) -> Mask:
    """Draw a rectangle of random dots."""
    dots = rng.random((SIDE, SIDE)) < rng.uniform(0.2, 0.9)
    side = rng.uniform(12, 28)
    return np.asarray(dots & (abs(COLUMNS - _MIDDLE) < side) & (abs(ROWS - _MIDDLE) < side))


_DRAWERS: Final[tuple[Callable[[np.random.Generator], Mask], ...]] = (
    _draw_hat,
    _draw_skirt,
    _draw_shorts,
    _draw_blob,
    _draw_face,
    _draw_text,
    _draw_noise,
)


@dataclass(frozen=True, slots=True)
class OutlierParameters:
    """How often each kind of outlier is drawn; each function defines its geometry.

    Attributes:
        shorts: range of the remaining height of trousers.
        skirt_share: share of dresses cut to a skirt; the others are replaced like other garments.
        skirt: range of the height at which a dress is cut.
        accessory_share: share of accessories among what is drawn.
        shares: shares of hats, skirts, shorts, blobs, faces, texts and noise among the rest.
        tone: range of the mean tone, 0 to 255.
        texture: range of the tones' variation.
    """

    shorts: tuple[float, float] = (0.25, 0.5)
    skirt_share: float = 0.6
    skirt: tuple[float, float] = (0.4, 0.65)
    accessory_share: float = 0.4
    shares: tuple[float, ...] = (0.33, 0.12, 0.12, 0.17, 0.08, 0.1, 0.08)
    tone: tuple[float, float] = (60, 220)
    texture: tuple[float, float] = (5, 60)


PARAMETERS: Final = OutlierParameters()
