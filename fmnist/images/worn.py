"""What is worn: the wearer's head, arms and other clothes are taken off a silhouette."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.fit import compute_box
from fmnist.images.records import Mask, Pixels
from fmnist.images.saliency import compute_colours
from fmnist.images.silhouette import drop_specks, fill_holes, open_mask

# Chai & Ngan, Face Segmentation Using Skin-Color Map in Videophone Applications, 1999.
_SKIN_RED: Final = (136, 173)  # from 133 there: warm whites begin to count
_SKIN_BLUE: Final = (77, 124)
_SKIN_LEAST_LIGHT: Final = 60

_SKIN_SHARES: Final = (0.02, 0.45)
"""Of the silhouette: less is a label or a print, more is a garment of skin's colour."""

_UPRIGHT: Final = 0.95  # height by width that somebody from head to hips has at least
_HEAD: Final = 0.3  # of the height, from the top: where a head or a neck is
_SIDE: Final = 0.25  # of the width, at either side: where arms are
_SHOULDERS: Final = 0.62  # of the greatest width, from which on it is no neck any more
_APART: Final = 26.0  # distance of two clothes' colours, in weighted units of L*a*b*
_LEAST_PART: Final = 0.22  # of the height that a garment takes
_LEAST_LEFT: Final = 0.2  # of the silhouette that must be left to be believed


def remove_wearer(rgb: Pixels, mask: Mask) -> Mask | None:
    """Return the main garment of a silhouette that a person wears; None where no wearer is seen.

    A wearer is seen by skin where a head or arms are. Skin goes, what lies above the shoulders
    goes, and where the colour changes for good from one row to the next, the larger part stays:
    the shirt rather than the jeans, the trousers rather than the shirt's hem. Meant for shops'
    pictures on a plain ground: on a floor, wood and warm light pass for skin.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``, not empty: person and clothes.
    """
    box = compute_box(mask)
    skin = _find_skin(rgb, mask) if box.height >= _UPRIGHT * box.width else None
    if skin is None:
        return None
    garment = mask & ~skin
    if not garment.any():
        return None
    shoulders = _find_shoulders(mask, skin)
    garment[:shoulders] = False
    if not garment.any():
        return None
    garment = _keep_larger_part(compute_colours(rgb), garment)
    garment = fill_holes(drop_specks(open_mask(garment)))
    return garment if garment.sum() >= _LEAST_LEFT * mask.sum() else None


def _find_skin(rgb: Pixels, mask: Mask) -> Mask | None:
    """Return where skin is, or None unless it lies where a wearer's would."""
    light, red, blue = cv2.split(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YCrCb))
    skin = (red >= _SKIN_RED[0]) & (red <= _SKIN_RED[1]) & (light >= _SKIN_LEAST_LIGHT)
    skin &= (blue >= _SKIN_BLUE[0]) & (blue <= _SKIN_BLUE[1]) & mask
    skin = open_mask(skin) & mask
    if not _SKIN_SHARES[0] <= skin.sum() / mask.sum() <= _SKIN_SHARES[1]:
        return None
    box = compute_box(mask)
    rows, columns = np.nonzero(skin)
    high = (rows - box.top) / box.height < _HEAD
    aside = np.abs((columns - box.left + 0.5) / box.width - 0.5)
    is_head = high & (aside < 0.5 - _SIDE)
    is_arm = ~high & (aside > 0.5 - _SIDE)
    seen = (is_head.sum() + is_arm.sum()) / len(rows)
    # Arms and head are at the edge of the silhouette; a skin-coloured print is not.
    edge = mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    is_at_edge = (skin & edge).any()
    return skin if seen > 0.5 and is_at_edge else None


def _find_shoulders(mask: Mask, skin: Mask) -> int:
    """Return the row where the shoulders begin: 0 where nothing but they is at the top."""
    box = compute_box(mask)
    widths = mask.sum(axis=1)
    wide = np.flatnonzero(widths >= _SHOULDERS * np.percentile(widths[widths > 0], 90))
    shoulders = int(wide[0]) if len(wide) else box.top
    is_head = skin[box.top : shoulders + 1].any() and shoulders - box.top < 0.5 * box.height
    return shoulders if is_head else 0


def _keep_larger_part(colours: npt.NDArray[np.float32], garment: Mask) -> Mask:
    """Cut at the row that best parts the garment's colours, if they are two clothes' colours."""
    rows = np.flatnonzero(garment.sum(axis=1) > 0)
    if len(rows) < 8:
        return garment
    medians = np.array([np.median(colours[row][garment[row]], axis=0) for row in rows])
    least = max(2, int(_LEAST_PART * len(rows)))
    best, gain = 0, 0.0
    for cut in range(least, len(rows) - least):
        above, below = medians[:cut], medians[cut:]
        apart = np.linalg.norm(np.median(above, axis=0) - np.median(below, axis=0))
        spread = np.abs(above - np.median(above, axis=0)).mean()
        spread += np.abs(below - np.median(below, axis=0)).mean()
        if apart > _APART and apart - 2 * spread > gain:
            best, gain = cut, float(apart - 2 * spread)
    if not best:
        return garment
    kept = garment.copy()
    row = rows[best]
    if garment[:row].sum() >= garment[row:].sum():
        kept[row:] = False
    else:
        kept[:row] = False
    return kept
