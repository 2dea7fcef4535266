"""A picture read as a photo, by its colours, or as a drawing, by its strokes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.compose.tones import compute_outline_tones, compute_photo_tones
from fmnist.images.drawing.outline import close_outline
from fmnist.images.records import Mask, Overrides, Pixels
from fmnist.images.segment import silhouette
from fmnist.images.segment.candidates import find_garment
from fmnist.images.segment.wearer import remove_wearer

_GREY: Final = 24  # of 255: what red, green and blue of a grey picture differ by, at most
_OUTLINE_SHARE: Final = 0.5  # strokes cover less than this of what they enclose: an outline

_HOW_FOUND: Final = {
    "ground": "What differs from the plain ground, holes filled and specks dropped.",
    "worn": "What differs from the plain ground, without who has it on and what else is worn.",
    "distance": "What is hard to reach from the border without crossing a change of colour.",
    "middle": "What is like the middle of the picture and unlike its border.",
    "wide": "What is like most of the picture and unlike its corners.",
}


@dataclass(frozen=True)
class Reading:
    """What belongs to the garment, and the tones it may have.

    Attributes:
        mask: bool ``(h, w)``, not empty.
        tones: float32 ``(h, w)``, 0–255, 0 outside the mask.
        found: how the garment was found, in a sentence.
        toned: how its tones came about, in a sentence.
        candidates: guesses of where the garment is, ``mask`` among them.
        bare: like ``tones``, the strokes of an outline alone, which is also asked about; else None.
    """

    mask: Mask
    tones: npt.NDArray[np.float32]
    found: str
    toned: str
    candidates: tuple[Mask, ...] = ()
    bare: npt.NDArray[np.float32] | None = None


def read_photo(
    rgb: Pixels,
    light: npt.NDArray[np.float32],
    contrast: npt.NDArray[np.float32],
    overrides: Overrides,
) -> Reading | None:
    """Read a picture as a photo; None where nothing stands out from its background.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        light: float32 ``(h, w)``, its tones, light on dark.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        overrides: what a person wants.
    """
    if contrast.max() < silhouette.MIN_CONTRAST:
        return None
    mask, found = np.ones(light.shape, np.bool_), "The whole picture, as wished."
    masks: tuple[Mask, ...] = ()
    if overrides.find:
        candidates = find_garment(rgb, contrast)
        if not candidates:
            return None
        chosen = candidates[min(overrides.candidate, len(candidates) - 1)]
        mask, found = chosen.mask, _HOW_FOUND[chosen.name]
        masks = tuple(candidate.mask for candidate in candidates)
    if not overrides.tones:
        return Reading(mask, np.where(mask, light, np.float32(0)), found, "", masks)
    sentence = "Tones stretched to the data set's range; the background made black."
    return Reading(mask, compute_photo_tones(light, mask), found, sentence, masks)


def read_drawing(
    rgb: Pixels,
    light: npt.NDArray[np.float32],
    contrast: npt.NDArray[np.float32],
    overrides: Overrides,
) -> Reading | None:
    """Read a picture as a drawing; None where there are no strokes. Arguments: see above."""
    strokes = silhouette.compute_stroke_mask(contrast)
    if not strokes.any():
        return None
    solid, links = close_outline(strokes)
    if not overrides.tones or not overrides.find:
        found = "The strokes, as wished neither closed nor filled."
        return Reading(strokes, np.where(strokes, light, np.float32(0)), found, "")
    if strokes.sum() < _OUTLINE_SHARE * solid.sum():
        gaps = {0: "closed already", 1: "its gap closed"}.get(links, f"{links} gaps closed")
        found = f"An outline, {gaps}: what its strokes enclose is filled."
        sentence = "A middle tone inside, seams where the strokes are, the background black."
        filled = compute_outline_tones(strokes, solid)
        bare = np.where(strokes, light, np.float32(0))
        return Reading(solid, filled, found, sentence, bare=bare)
    found = "The strokes and fills that differ from the background."
    sentence = "Light on dark, tones stretched to the data set's range, the background black."
    # Painted with colours, or a photo so flat that it passes for it: somebody may wear it.
    is_coloured = (rgb.max(axis=2) - rgb.min(axis=2)).max() > _GREY
    garment = remove_wearer(rgb, strokes) if is_coloured else None
    masks = (strokes,) if garment is None else (garment, strokes)
    mask = masks[min(overrides.candidate, len(masks) - 1)]
    found = found if mask is strokes else _HOW_FOUND["worn"]
    return Reading(mask, compute_photo_tones(light, mask), found, sentence, masks)
