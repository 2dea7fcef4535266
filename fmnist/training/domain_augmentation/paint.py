"""Paints a garment's shape with new tones: other fabrics in other light, flat fills, outlines."""

from __future__ import annotations

from dataclasses import dataclass
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
    build_field,
    is_inside,
    thicken,
    thin,
)

Tones = npt.NDArray[np.float32]
Painted = tuple[Tones, Mask]
"""Tones, float32 ``(SIDE, SIDE)``, 0 outside, and where the garment is."""

LEAST_PIXELS: Final = 30
"""A garment with fewer canvas pixels is not painted."""

_DARK: Final = 12.0  # tones up to it are the data set's background
_LEAST_MARK: Final = 0.35
_BARE_TONE: Final = 225


@dataclass(frozen=True, slots=True)
class PaintParameters:
    """How tones, masks and outlines of a garment vary.

    Shares are probabilities; ranges are drawn from uniformly; tones are 0 to 255, or 0 to 1 where
    they are called values; lengths are canvas pixels.

    Attributes:
        hem_share: share of photos with other tones along the edge, a shadow or a hem.
        hem_tone: standard deviation of how much these differ.
        contrast: standard deviation of the logarithm of the exponent that bends values.
        invert_share: share of photos with inverted tones: whether black or white fabric is bright
            depends on the background of the photo.
        fade_share: share of photos with less contrast; ``fade`` is the range of the remaining
            contrast.
        fade: likewise.
        fold_share: share of photos with a smooth shading; ``fold`` is the range of its strength.
        fold: likewise.
        print_share: share of photos with a print; ``print_knots`` is the range of its detail.
        print_knots: likewise, the upper end excluded; ``print`` is the range of its strength.
        print: likewise.
        stripe_share: share of photos with stripes of the strength ``stripe``.
        stripe: likewise.
        stripe_frequency: range of the stripes' radians per pixel.
        noise_share: share of photos with noise; ``noise`` is the range of its standard deviation.
        noise: likewise.
        resize_share: share of masks that are too wide or too narrow, by up to 3 pixels.
        ragged_share: share of masks with a ragged edge; ``ragged`` is the strength of the field
            behind.
        ragged: likewise.
        lump_share: share of masks with an additional lump; ``lump`` is the range of its radius.
        lump: likewise.
        loss_share: share of masks with a rectangle missing; ``loss`` is the range of its sides.
        loss: likewise.
        flat: largest variation of tones in a flat fill.
        outline_hole_share: share of outlines with open holes that are not filled.
        thin_share: share of outlines with strokes of 1 pixel instead of 2.
        bare_share: share of outlines that are not filled.
        tone_share: share of filled outlines with other tones; ``tones`` is their range.
        tones: likewise.
        seam_share: share of outlines with seams drawn where tones change most inside the garment.
    """

    hem_share: float = 0.2
    hem_tone: float = 70
    contrast: float = 0.3
    invert_share: float = 0.45
    fade_share: float = 0.35
    fade: tuple[float, float] = (0.1, 0.7)
    fold_share: float = 0.3
    fold: tuple[float, float] = (0.1, 0.4)
    print_share: float = 0.25
    print_knots: tuple[int, int] = (6, 20)
    print: tuple[float, float] = (0.05, 0.4)
    stripe_share: float = 0.07
    stripe: float = 0.3
    stripe_frequency: tuple[float, float] = (0.3, 1.5)
    noise_share: float = 0.3
    noise: tuple[float, float] = (0.02, 0.2)
    resize_share: float = 0.3
    ragged_share: float = 0.2
    ragged: float = 0.25
    lump_share: float = 0.08
    lump: tuple[float, float] = (3, 9)
    loss_share: float = 0.08
    loss: tuple[float, float] = (4, 16)
    flat: float = 40
    outline_hole_share: float = 0.2
    thin_share: float = 0.7
    bare_share: float = 0.25
    tone_share: float = 0.4
    tones: tuple[float, float] = (90, 230)
    seam_share: float = 0.25


PARAMETERS: Final = PaintParameters()


def paint_photo(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Give the garment the tones of another fabric in other light, and an imperfect mask.

    Finally, the tones are stretched like those of an uploaded picture.
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
    if rng.random() < PARAMETERS.hem_share:
        hem = mask & ~thin(mask, 3)
        values[hem] += rng.normal(0, PARAMETERS.hem_tone)
    return compute_photo_tones(values, mask), mask


def _shade(values: Tones, rng: np.random.Generator) -> Tones:
    """Bend values of about 0 to 1, and add folds, prints, stripes and noise."""
    away = 2 * (values - 0.5)
    values = np.sign(away) * np.abs(away) ** np.exp(rng.normal(0, PARAMETERS.contrast)) / 2 + 0.5
    if rng.random() < PARAMETERS.invert_share:
        values = 1 - values
    if rng.random() < PARAMETERS.fade_share:
        values = 0.5 + (values - 0.5) * rng.uniform(*PARAMETERS.fade)
    if rng.random() < PARAMETERS.fold_share:
        values = values + build_field(rng, 3, rng.uniform(*PARAMETERS.fold))
    if rng.random() < PARAMETERS.print_share:
        knots = int(rng.integers(*PARAMETERS.print_knots))
        values = values + build_field(rng, knots, rng.uniform(*PARAMETERS.print))
    if rng.random() < PARAMETERS.stripe_share:
        angle, phase = rng.uniform(0, np.pi), rng.uniform(0, 6)
        along = np.cos(angle) * COLUMNS + np.sin(angle) * ROWS
        waves = np.sin(along * rng.uniform(*PARAMETERS.stripe_frequency) + phase)
        values = values + PARAMETERS.stripe * np.sign(waves)
    if rng.random() < PARAMETERS.noise_share:
        noise = rng.normal(0, rng.uniform(*PARAMETERS.noise), values.shape)
        values = values + noise.astype(np.float32)
    return np.asarray(values, dtype=np.float32)


def _spoil_mask(garment: Mask, rng: np.random.Generator) -> Mask:
    """Return a mask with typical segmentation errors: wrong width, ragged edge, or a lump."""
    mask = garment
    if rng.random() < PARAMETERS.resize_share:
        pixels = int(rng.integers(1, 4))
        mask = thin(mask, pixels) if rng.random() < 0.5 else thicken(mask, pixels)
    if rng.random() < PARAMETERS.ragged_share:
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5)
        mask = soft + build_field(rng, 14, PARAMETERS.ragged) > 0.5
    if rng.random() < PARAMETERS.lump_share:
        x, y = rng.uniform(8, SIDE - 8, 2)
        lump = (ROWS - y) ** 2 + (COLUMNS - x) ** 2 < rng.uniform(*PARAMETERS.lump) ** 2
        mask = mask | lump & thicken(garment, 9)
    if rng.random() < PARAMETERS.loss_share:
        (x, y), (width, height) = rng.uniform(4, SIDE - 4, 2), rng.uniform(*PARAMETERS.loss, 2)
        lost = (abs(COLUMNS - x) < width / 2) & (abs(ROWS - y) < height / 2)
        if (mask & ~lost).sum() > 0.6 * mask.sum():
            mask = mask & ~lost
    return mask if mask.sum() >= LEAST_PIXELS else garment


def paint_flat(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Give the garment nearly one tone, as in a filled drawing."""
    mask = is_inside(canvas)
    if keep_holes:
        mask = mask & is_inside(canvas, CLOTH)
    if not mask.any():
        mask = is_inside(canvas)
    tones = build_field(rng, 4, rng.uniform(0, PARAMETERS.flat))
    return compute_photo_tones(tones, mask), mask


def paint_outline(canvas: Canvas, rng: np.random.Generator, *, keep_holes: bool) -> Painted:
    """Draw the garment's edge and marks as strokes, and fill it like an outline."""
    solid = is_inside(canvas)
    has_holes = keep_holes and rng.random() < PARAMETERS.outline_hole_share
    filled = solid & is_inside(canvas, CLOTH) if has_holes else solid
    strokes = filled & ~thin(filled, 3 if rng.random() < PARAMETERS.thin_share else 5)
    strokes |= solid & ((canvas[..., MARKS] > _LEAST_MARK) | _find_seams(canvas, rng))
    if rng.random() < PARAMETERS.bare_share:
        return np.where(strokes, np.float32(_BARE_TONE), np.float32(0)), strokes
    has_tones = rng.random() < PARAMETERS.tone_share
    levels = rng.uniform(*PARAMETERS.tones, 2) if has_tones else ()
    return compute_outline_tones(strokes, filled, *levels), filled | strokes


def _find_seams(canvas: Canvas, rng: np.random.Generator) -> Mask:
    """Return where tones change most inside the garment, or nowhere."""
    tones, garment = canvas[..., TONES], is_inside(canvas)
    inner = thin(garment, 5)
    if rng.random() < 1 - PARAMETERS.seam_share or inner.sum() <= 20:
        return np.zeros_like(garment)
    soft = cv2.GaussianBlur(np.ascontiguousarray(tones), (0, 0), rng.uniform(0.8, 1.8))
    change = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    threshold = max(float(np.percentile(change[inner], rng.uniform(85, 97))), 25.0)
    return np.asarray(inner & (change > threshold))
