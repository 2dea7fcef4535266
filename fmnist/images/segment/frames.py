"""Removes a plain frame or bars around a picture before segmentation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Pixels
from fmnist.images.segment.background import compute_border
from fmnist.images.segment.parameters import FRAME, SILHOUETTE
from fmnist.images.segment.silhouette import compute_contrast


def remove_frame(
    rgb: Pixels,
) -> tuple[Pixels, npt.NDArray[np.float32], tuple[int, int]]:
    """Return the part of a picture inside a plain frame, and its contrast.

    A frame is a border of one colour around a full rectangle that covers at least half of the
    picture and isn't flat itself. Up to four nested frames are removed. A picture without a frame
    is returned unchanged.

    Args:
        rgb: uint8 ``(h, w, 3)``.

    Returns:
        The part of ``rgb``, its ``compute_contrast``, and the row and column of ``rgb`` at which it
        begins.
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
