"""Segment a picture as a photo, by its colours, or as a drawing, by its strokes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.compose.tones import compute_outline_tones, compute_photo_tones
from fmnist.images.drawing.outline import close_outline
from fmnist.images.drawing.parameters import OUTLINE
from fmnist.images.records import Mask, Overrides, Pixels
from fmnist.images.segment import silhouette
from fmnist.images.segment.candidates import find_garment, find_second_mask
from fmnist.images.segment.parameters import SILHOUETTE
from fmnist.images.segment.wearer import remove_wearer

_HOW_FOUND: Final = {
    "ground": "What differs from the plain background, holes filled and specks removed.",
    "worn": "What differs from the plain background, without the wearer and other clothes.",
    "other": "What differs from the plain background, without the garment above or below.",
    "distance": "What cannot be reached from the border without crossing a change of colour.",
    "middle": "What resembles the middle of the picture more than its border.",
    "near": "What resembles the place that was pointed at more than the rest.",
    "around": "What resembles the surroundings of the place that was pointed at.",
    "wide": "What resembles most of the picture more than its corners.",
}


@dataclass(frozen=True)
class Segmentation:
    """The garment's mask, and the tones it may have.

    Attributes:
        mask: bool ``(h, w)``, not empty.
        tones: float32 ``(h, w)``, 0–255, 0 outside the mask.
        found: how the garment was found, in a sentence.
        toned: how its tones were computed, in a sentence.
        candidates: the masks of the garment that were looked for, ``mask`` among them.
        bare: the tones of an outline's strokes alone, a second variant; None otherwise.
        second: where a boundary is doubtful, the tones within another mask.
    """

    mask: Mask
    tones: npt.NDArray[np.float32]
    found: str
    toned: str
    candidates: tuple[Mask, ...] = ()
    bare: npt.NDArray[np.float32] | None = None
    second: npt.NDArray[np.float32] | None = None


def segment_photo(
    rgb: Pixels,
    light: npt.NDArray[np.float32],
    contrast: npt.NDArray[np.float32],
    overrides: Overrides,
) -> Segmentation | None:
    """Segment a picture as a photo; None if nothing differs from its background.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        light: float32 ``(h, w)``, its tones, light on dark.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        overrides: the decisions of a person instead.
    """
    if contrast.max() < SILHOUETTE.min_contrast:
        return None
    mask, found = np.ones(light.shape, np.bool_), "The whole picture, as chosen."
    masks: tuple[Mask, ...] = ()
    second = None
    if overrides.find:
        every = overrides.every or overrides.candidate is not None
        candidates = find_garment(rgb, contrast, every=every, point=overrides.point)
        if not candidates:
            return None
        chosen = candidates[min(overrides.candidate or 0, len(candidates) - 1)]
        mask, found = chosen.mask, _HOW_FOUND[chosen.name]
        masks = tuple(candidate.mask for candidate in candidates)
        second = find_second_mask(rgb, chosen, overrides.point)
    if not overrides.tones:
        return Segmentation(mask, np.where(mask, light, np.float32(0)), found, "", masks)
    sentence = "Tones stretched to the data set's range; the background made black."
    tones = compute_photo_tones(light, mask)
    other = None if second is None else compute_photo_tones(light, second)
    return Segmentation(mask, tones, found, sentence, masks, second=other)


def segment_drawing(
    rgb: Pixels,
    light: npt.NDArray[np.float32],
    contrast: npt.NDArray[np.float32],
    overrides: Overrides,
) -> Segmentation | None:
    """Segment a picture as a drawing; None if there are no strokes.

    Takes the same arguments as ``segment_photo``.
    """
    strokes = silhouette.compute_stroke_mask(contrast)
    if not strokes.any():
        return None
    solid, links = close_outline(strokes)
    if not overrides.tones or not overrides.find:
        found = "The strokes, neither closed nor filled, as chosen."
        return Segmentation(strokes, np.where(strokes, light, np.float32(0)), found, "")
    if strokes.sum() < OUTLINE.outline_share * solid.sum():
        gaps = {0: "already closed", 1: "one gap closed"}.get(links, f"{links} gaps closed")
        found = f"An outline, {gaps}; the area inside its strokes is filled."
        sentence = "A middle tone inside, seams where the strokes are, the background black."
        filled = compute_outline_tones(strokes, solid)
        bare = np.where(strokes, light, np.float32(0))
        return Segmentation(solid, filled, found, sentence, bare=bare)
    found = "The strokes and fills that differ from the background."
    sentence = "Light on dark, tones stretched to the data set's range, the background black."
    # Painted in colour, or a photo flat enough to count as a drawing: a person may wear it.
    is_coloured = (rgb.max(axis=2) - rgb.min(axis=2)).max() > OUTLINE.grey
    garment = remove_wearer(rgb, strokes) if is_coloured else None
    masks = (strokes,) if garment is None else (garment, strokes)
    mask = masks[min(overrides.candidate or 0, len(masks) - 1)]
    found = found if mask is strokes else _HOW_FOUND["worn"]
    return Segmentation(mask, compute_photo_tones(light, mask), found, sentence, masks)
