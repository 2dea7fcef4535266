"""Photo or drawing: the one decision that picks the path."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Kind, Pixels
from fmnist.images.segment.ground import compute_border
from fmnist.images.segment.silhouette import MIN_CONTRAST

_PLAIN_SHARE: Final = 0.85  # of the border, in one tone, for the ground to count as plain
_TONES: Final = 4
_TONE_SHARE: Final = 0.6  # of the strokes, in the four commonest tones; antialiasing has the rest
_THIN_SHARE: Final = 0.2  # of the picture: strokes so thin may be antialiased throughout
_EVEN_SHARE: Final = 0.5


def compute_kind(rgb: Pixels, contrast: npt.NDArray[np.float32]) -> Kind:
    """Tell a drawing from a photo by its tones.

    A drawing stands on a plain ground (85 % of the border pixels in one tone), and what stands
    out from that ground has few tones (60 % have one of four colours, counted in steps of 16
    of red, green and blue) that are even: half of the pixels equal their right neighbour within
    2, unless all of them cover less than a fifth of the picture, as thin lines do. Cameras and
    cloth hardly ever give all of that. A flat picture is a drawing.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
    """
    plain = float((compute_border(contrast) < MIN_CONTRAST).mean())
    if plain < _PLAIN_SHARE:
        return "photo"
    stands_out = contrast > 2 * MIN_CONTRAST
    count = int(stands_out.sum())
    if not count:
        return "drawing"
    levels = rgb[stands_out].astype(np.int32) >> 4
    codes = (levels[:, 0] << 8) | (levels[:, 1] << 4) | levels[:, 2]
    if np.sort(np.bincount(codes))[-_TONES:].sum() < _TONE_SHARE * count:
        return "photo"
    is_even = (np.abs(np.diff(rgb.astype(np.int16), axis=1)) <= 2)[stands_out[:, :-1]]
    even = int((is_even[:, 0] & is_even[:, 1] & is_even[:, 2]).sum()) / count
    is_drawing = even >= _EVEN_SHARE or count < _THIN_SHARE * contrast.size
    return "drawing" if is_drawing else "photo"
