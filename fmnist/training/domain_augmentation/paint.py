"""Other cloth in other light, flat fills, outlines: tones given anew to a garment's shape."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.compose.tones import compute_outline_tones, compute_photo_tones
from fmnist.training.domain_augmentation.canvas import (
    CLOTH,
    COLUMNS,
    MARKS,
    ROWS,
    SIDE,
    TONES,
    Canvas,
    Mask,
    is_inside,
    make_field,
    thicken,
    thin,
)

Tones = npt.NDArray[np.float32]
Painted = tuple[Tones, Mask]
"""Tones, float32 ``(SIDE, SIDE)``, 0 outside, and where the garment is."""

LEAST_PIXELS: Final = 30
_DARK: Final = 12.0
_LEAST_MARK: Final = 0.35
_OTHER_TONES: Final = 0.4  # of the outlines
_BARE_SHARE: Final = 0.25  # of them, asked about beside the filled


def paint_photo(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Give the garment the tones of another cloth, in other light, and a mask that is not perfect.

    Nearly half of the time they are inverted: which of black and white cloth is bright depends on
    the ground it was photographed on. In the end they are stretched as a picture's are.
    """
    garment = is_inside(canvas)
    mask = _spoil_mask(garment, rng)
    tones, cloth = canvas[..., TONES], is_inside(canvas, CLOTH)
    inside = tones[garment & (tones > _DARK)]
    if not len(inside):
        inside = tones[garment]
    base = float(inside.mean())
    values = tones if keep_holes else np.where(cloth, tones, base)
    values = np.where(mask & ~garment, base, values)
    low, high = np.percentile(inside, (5, 95))
    values = 255 * _shade((values - low) / max(float(high - low), 12.0), rng)
    if rng.random() < 0.2:  # a shadow, a hem
        hem = mask & ~thin(mask, 3)
        values[hem] += rng.normal(0, 70)
    return compute_photo_tones(values, mask), mask


def _shade(values: Tones, rng: np.random.Generator) -> Tones:
    """Bend tones of about 0 to 1, and lay folds, prints, stripes and noise over them."""
    away = 2 * (values - 0.5)
    values = np.sign(away) * np.abs(away) ** np.exp(rng.normal(0, 0.3)) / 2 + 0.5
    if rng.random() < 0.45:
        values = 1 - values
    if rng.random() < 0.35:
        values = 0.5 + (values - 0.5) * rng.uniform(0.1, 0.7)
    if rng.random() < 0.3:
        values = values + make_field(rng, 3, rng.uniform(0.1, 0.4))
    if rng.random() < 0.25:
        values = values + make_field(rng, int(rng.integers(6, 20)), rng.uniform(0.05, 0.4))
    if rng.random() < 0.07:
        angle, phase = rng.uniform(0, np.pi), rng.uniform(0, 6)
        along = np.cos(angle) * COLUMNS + np.sin(angle) * ROWS
        values = values + 0.3 * np.sign(np.sin(along * rng.uniform(0.3, 1.5) + phase))
    if rng.random() < 0.3:
        noise = rng.normal(0, rng.uniform(0.02, 0.2), values.shape)
        values = values + noise.astype(np.float32)
    return np.asarray(values, dtype=np.float32)


def _spoil_mask(garment: Mask, rng: np.random.Generator) -> Mask:
    """Return the mask as a program finds it: too wide or narrow, ragged, a lump more or less."""
    mask = garment
    if rng.random() < 0.3:
        pixels = int(rng.integers(1, 4))
        mask = thin(mask, pixels) if rng.random() < 0.5 else thicken(mask, pixels)
    if rng.random() < 0.2:
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5)
        mask = soft + make_field(rng, 14, 0.25) > 0.5
    if rng.random() < 0.08:
        x, y = rng.uniform(8, SIDE - 8, 2)
        lump = (ROWS - y) ** 2 + (COLUMNS - x) ** 2 < rng.uniform(3, 9) ** 2
        mask = mask | lump & thicken(garment, 9)
    if rng.random() < 0.08:
        (x, y), (width, height) = rng.uniform(4, SIDE - 4, 2), rng.uniform(4, 16, 2)
        lost = (abs(COLUMNS - x) < width / 2) & (abs(ROWS - y) < height / 2)
        if (mask & ~lost).sum() > 0.6 * mask.sum():
            mask = mask & ~lost
    return mask if mask.sum() >= LEAST_PIXELS else garment


def paint_flat(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Give the garment nearly one tone, as a filled drawing has."""
    mask = is_inside(canvas)
    if keep_holes:
        mask = mask & is_inside(canvas, CLOTH)
    if not mask.any():
        mask = is_inside(canvas)
    tones = make_field(rng, 4, rng.uniform(0, 40))
    return compute_photo_tones(tones, mask), mask


def paint_outline(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Draw the garment's edge and marks as strokes, and fill it, as an outline is filled."""
    solid = is_inside(canvas)
    filled = solid & is_inside(canvas, CLOTH) if keep_holes and rng.random() < 0.2 else solid
    strokes = filled & ~thin(filled, 3 if rng.random() < 0.7 else 5)
    strokes |= solid & ((canvas[..., MARKS] > _LEAST_MARK) | _find_seams(canvas, rng))
    if rng.random() < _BARE_SHARE:
        return np.where(strokes, np.float32(225), np.float32(0)), strokes
    levels = rng.uniform(90, 230, 2) if rng.random() < _OTHER_TONES else ()
    return compute_outline_tones(strokes, filled, *levels), filled | strokes


def _find_seams(canvas: Canvas, rng: np.random.Generator) -> Mask:
    """Return where tones change most inside the garment; nowhere in three quarters of the cases."""
    tones, garment = canvas[..., TONES], is_inside(canvas)
    inner = thin(garment, 5)
    if rng.random() < 0.75 or inner.sum() <= 20:
        return np.zeros_like(garment)
    soft = cv2.GaussianBlur(np.ascontiguousarray(tones), (0, 0), rng.uniform(0.8, 1.8))
    change = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    least = max(float(np.percentile(change[inner], rng.uniform(85, 97))), 25.0)
    return np.asarray(inner & (change > least))
