"""Removes a plain frame or bars around a picture before the garment is segmented."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Pixels
from fmnist.images.segment.ground import compute_border
from fmnist.images.segment.parameters import FRAME, SILHOUETTE
from fmnist.images.segment.silhouette import compute_contrast


def compute_unframed(
    rgb: Pixels,
) -> tuple[Pixels, npt.NDArray[np.float32], tuple[int, int]]:
    """Return what a plain frame surrounds, or the picture itself, and its contrast.

    A frame is a plain border of one colour whose inside is a full rectangle, at least half of
    the picture, that is not flat itself; frames within frames are taken off up to four times.

    Args:
        rgb: uint8 ``(h, w, 3)``.

    Returns:
        ``rgb`` or a part of it, what ``compute_contrast`` gives for that, and the row and column
        of ``rgb`` where the part begins.
    """
    whole = compute_contrast(rgb)
    inside, contrast, top, left = rgb, whole, 0, 0
    for _ in range(FRAME.max_layers):
        area = _find_inside(contrast)
        if area is None:
            break
        inside = inside[area]
        top, left = top + area[0].start, left + area[1].start
        contrast = compute_contrast(inside)
    if contrast.max() < SILHOUETTE.min_contrast:
        return rgb, whole, (0, 0)
    return inside, contrast, (top, left)


def _find_inside(contrast: npt.NDArray[np.float32]) -> tuple[slice, slice] | None:
    differs = contrast > SILHOUETTE.min_contrast
    rows = np.flatnonzero(differs.mean(axis=1) > 1 - FRAME.plain_share)
    columns = np.flatnonzero(differs.mean(axis=0) > 1 - FRAME.plain_share)
    if not (len(rows) and len(columns)):
        return None
    area = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    inside = differs[area]
    is_frame = (
        FRAME.min_inside * differs.size <= inside.size < differs.size
        and compute_border(inside).mean() >= FRAME.plain_share
    )
    return area if is_frame else None
