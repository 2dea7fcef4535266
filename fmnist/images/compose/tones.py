"""Grey tones as in the data set: black background, light garment with its folds and seams."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Mask

Tones = npt.NDArray[np.float32]

# Medians over the data set of each garment's 5th and 95th percentile of pixels above 16.
_LOW_TONE: Final = 55.0
_HIGH_TONE: Final = 225.0
_MAX_GAIN: Final = 2.5  # keeps a plain garment's noise from becoming a pattern
_FLAT_TONE: Final = 190.0  # the data set's median tone in trousers, coats and boots
_DARKEST: Final = 20.0  # keeps a garment's pixels apart from the background

_FILLING: Final = 150.0
_SEAM: Final = 215.0  # seams are lighter in most of the data set's garments


def compute_photo_tones(grey: Tones, mask: Mask) -> Tones:
    """Stretch the tones inside the mask to the data set's range; set the outside to zero.

    Args:
        grey: float32 ``(h, w)``, 0–255.
        mask: bool ``(h, w)``, the garment; not empty.

    Returns:
        float32 ``(h, w)``, 0–255.
    """
    low, high = np.percentile(grey[mask], (5, 95))
    gain = min(_MAX_GAIN, (_HIGH_TONE - _LOW_TONE) / max(float(high - low), 1e-3))
    centre = _FLAT_TONE if gain == _MAX_GAIN else (_HIGH_TONE + _LOW_TONE) / 2
    tones = centre + gain * (grey - (low + high) / 2)
    return np.where(mask, np.clip(tones, _DARKEST, 255.0), 0.0).astype(np.float32)


def compute_outline_tones(
    strokes: Mask, solid: Mask, filling: float = _FILLING, seam: float = _SEAM
) -> Tones:
    """Give a filled outline the tones of fabric: a middle tone inside, lighter seams.

    Args:
        strokes: bool ``(h, w)``.
        solid: bool ``(h, w)``, the strokes and the area they enclose.
        filling: the tone inside.
        seam: the tone of the strokes.

    Returns:
        float32 ``(h, w)``, 0–255.
    """
    return np.where(strokes, seam, np.where(solid, filling, 0.0)).astype(np.float32)
