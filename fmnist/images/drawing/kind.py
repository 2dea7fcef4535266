"""Decides whether a picture is a photo or a drawing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fmnist.images.drawing.parameters import KIND
from fmnist.images.records import Kind, Pixels
from fmnist.images.segment.background import compute_border
from fmnist.images.segment.parameters import SILHOUETTE


def compute_kind(rgb: Pixels, contrast: npt.NDArray[np.float32]) -> Kind:
    """Return whether a picture is a drawing or a photo, judging by its tones.

    A drawing has a plain background: 85 % of the border pixels have one tone. What stands out has
    few tones: 60 % of it has one of four colours, counted in steps of 16 for red, green and blue.
    These tones are even: half of the pixels equal their right neighbour within 2, unless they cover
    less than a fifth of the picture, as thin lines do. Photos rarely meet all of these conditions.
    A flat picture is a drawing.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
    """
    plain = float((compute_border(contrast) < SILHOUETTE.min_contrast).mean())
    if plain < KIND.plain_share:
        return "photo"
    stands_out = contrast > 2 * SILHOUETTE.min_contrast
    count = int(stands_out.sum())
    if not count:
        return "drawing"
    levels = rgb[stands_out].astype(np.int32) >> 4
    codes = (levels[:, 0] << 8) | (levels[:, 1] << 4) | levels[:, 2]
    if np.sort(np.bincount(codes))[-KIND.tones :].sum() < KIND.tone_share * count:
        return "photo"
    is_even = (np.abs(np.diff(rgb.astype(np.int16), axis=1)) <= 2)[stands_out[:, :-1]]
    even = int((is_even[:, 0] & is_even[:, 1] & is_even[:, 2]).sum()) / count
    is_drawing = even >= KIND.even_share or count < KIND.thin_share * contrast.size
    return "drawing" if is_drawing else "photo"
