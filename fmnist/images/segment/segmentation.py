"""Segments a picture as a photo, by its colours, or as a drawing, by its strokes."""

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
from fmnist.images.segment.parameters import CANDIDATES, SILHOUETTE
from fmnist.images.segment.wearer import remove_wearer

_HOW_FOUND: Final = {
    "background": "What differs from the plain background, with holes filled and specks removed.",
    "worn": "What differs from the plain background, without the wearer and other clothes.",
    "other": "What differs from the plain background, without the garment above or below.",
    "distance": "What cannot be reached from the border without crossing a change of colour.",
    "middle": "What resembles the middle of the picture more than its border.",
    "near": "What resembles the selected point more than the rest.",
    "around": "What resembles the surroundings of the selected point.",
    "wide": "What resembles most of the picture more than its corners.",
}


@dataclass(frozen=True)
class Segmentation:
    """A garment's mask and tones.

    Attributes:
        mask: bool ``(h, w)``, not empty.
        tones: float32 ``(h, w)``, 0–255, 0 outside the mask.
        found: how the garment was found, in a sentence.
        toned: how its tones were computed, in a sentence.
        candidates: the candidate masks of the garment, including ``mask``.
        is_complete: whether these are all there are.
        bare: the tones of an outline's strokes alone, a second variant; None for anything else.
        second: the tones within a second mask, if the boundary is ambiguous; None otherwise.
    """

    mask: Mask
    tones: npt.NDArray[np.float32]
    found: str
    toned: str
    candidates: tuple[Mask, ...] = ()
    is_complete: bool = True
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
        overrides: decisions made by a person.
    """
    if contrast.max() < SILHOUETTE.min_contrast:
        return None
    mask, found = np.ones(light.shape, np.bool_), "The whole picture, as chosen."
    masks: tuple[Mask, ...] = ()
    second, is_complete = None, True
    if overrides.find:
        every = overrides.every or overrides.candidate is not None
        candidates = find_garment(rgb, contrast, every=every, point=overrides.point)
        if not candidates:
            return None
        chosen = candidates[min(overrides.candidate or 0, len(candidates) - 1)]
        mask, found = chosen.mask, _HOW_FOUND[chosen.name]
        masks = tuple(candidate.mask for candidate in candidates)
        is_complete = every or candidates[0].score < CANDIDATES.certain
        second = find_second_mask(rgb, chosen, overrides.point)
    if not overrides.tones:
        plain = np.where(mask, light, np.float32(0))
        return Segmentation(mask, plain, found, "", masks, is_complete)
    sentence = "Tones are stretched to the data set's range; the background becomes black."
    tones = compute_photo_tones(light, mask)
    other = None if second is None else compute_photo_tones(light, second)
    return Segmentation(mask, tones, found, sentence, masks, is_complete, second=other)


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
        found = "The strokes as drawn: neither closed nor filled, as chosen."
        return Segmentation(strokes, np.where(strokes, light, np.float32(0)), found, "")
    if strokes.sum() < OUTLINE.outline_share * solid.sum():
        gaps = {0: "already closed", 1: "one gap closed"}.get(links, f"{links} gaps closed")
        found = f"An outline, {gaps}; the area inside its strokes is filled."
        sentence = "A middle tone inside, light seams at the strokes, a black background."
        filled = compute_outline_tones(strokes, solid)
        bare = np.where(strokes, light, np.float32(0))
        return Segmentation(solid, filled, found, sentence, bare=bare)
    found = "The strokes and fills that differ from the background."
    sentence = "Light on dark, tones stretched to the data set's range, a black background."
    # A coloured painting, or a photo flat enough to count as a drawing, may show a wearer.
    is_coloured = (rgb.max(axis=2) - rgb.min(axis=2)).max() > OUTLINE.grey
    garment = remove_wearer(rgb, strokes) if is_coloured else None
    masks = (strokes,) if garment is None else (garment, strokes)
    mask = masks[min(overrides.candidate or 0, len(masks) - 1)]
    found = found if mask is strokes else _HOW_FOUND["worn"]
    return Segmentation(mask, compute_photo_tones(light, mask), found, sentence, masks)
