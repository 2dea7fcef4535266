"""Finds the seam between two garments, such as a shirt and the trousers worn with it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Mask
from fmnist.images.segment.silhouette import shrink_mask
from fmnist.images.segment.wearer_parameters import SEAM


class _Limits(NamedTuple):
    """The minimum colour distance of two garments, and how much of it must lie near their seam."""

    apart: float
    jump: float


def find_seam(
    colours: npt.NDArray[np.float32], garment: Mask, *, strict: bool, is_top: bool = False
) -> int | None:
    """Return the row at which a second garment begins; None if there is only one.

    Each row is represented by its median colour. A seam splits the rows so that nearly all are
    closer to the median of their own side than to that of the other. The colour must also change
    abruptly, unlike shading. Among several such rows, the one with the most uniform colour below
    wins, as trousers have; that keeps a two-coloured shirt in one piece. The limits were set on
    drawn wearers around validation images (docs/decisions/0011-pictures.md).

    Args:
        colours: float32 ``(h, w, 3)``, from ``compute_colours``.
        garment: bool ``(h, w)``.
        strict: apply stricter limits, because both colours may belong to one garment.
        is_top: apply looser limits near the hips, where trousers are known to begin.
    """
    # Pixels at the edge mix with the background.
    inner = shrink_mask(garment)
    rows = np.flatnonzero(inner.any(axis=1))
    if len(rows) < SEAM.min_rows:
        return None
    medians = np.array([np.median(colours[row][inner[row]], axis=0) for row in rows])
    widths = garment[rows].sum(axis=1).astype(np.float64)
    first, last = (
        max(2, int((SEAM.min_top if is_top else SEAM.min_above) * len(rows))),
        max(2, int(SEAM.min_below * len(rows))),
    )
    cuts = np.arange(first, len(rows) - last)
    usual = _Limits(SEAM.strict_distance if strict else SEAM.min_distance, SEAM.min_jump)
    at_hips = _Limits(SEAM.hip_distance, SEAM.hip_jump)
    hips = SEAM.hip_height * len(rows) if is_top else np.inf
    scores = {}
    for cut, jump in zip(cuts.tolist(), _compute_jumps(medians, cuts).tolist(), strict=True):
        limits = at_hips if cut >= hips else usual
        if jump >= limits.jump * limits.apart:
            scores[cut] = _score(medians, widths, cut, jump, limits, strict=strict)
    best = max(scores, key=scores.__getitem__, default=0)
    return int(rows[best]) if scores.get(best, -np.inf) > -np.inf else None


def _compute_jumps(
    medians: npt.NDArray[np.float32], cuts: npt.NDArray[np.intp]
) -> npt.NDArray[np.float32]:
    """Return the distance between the colours just above and just below each cut."""
    near = max(1, round(SEAM.near * len(medians)))
    windows = np.median(np.lib.stride_tricks.sliding_window_view(medians, near + 1, 0), axis=-1)
    apart = windows[cuts - 2 * near] - windows[cuts + near - 1]
    return np.asarray(np.linalg.norm(apart, axis=1), np.float32)


def _score(
    medians: npt.NDArray[np.float32],
    widths: npt.NDArray[np.float64],
    cut: int,
    jump: float,
    limits: _Limits,
    *,
    strict: bool,
) -> float:
    """Return how well a cut separates two garments; minus infinity if it doesn't."""
    above, below = (np.median(part, axis=0) for part in (medians[:cut], medians[cut:]))
    apart = float(np.linalg.norm(above - below))
    if apart < limits.apart:
        return -np.inf
    narrow = np.mean(widths[cut:]) < SEAM.max_leg_width * np.percentile(widths[:cut], 75)
    to_above, to_below = (np.linalg.norm(medians - each, axis=1) for each in (above, below))
    is_own = np.concatenate([to_above[:cut] < to_below[:cut], to_below[cut:] < to_above[cut:]])
    agreed = float(np.average(is_own, weights=widths))
    if agreed < SEAM.min_agreement or jump < limits.jump * apart or (strict and not narrow):
        return -np.inf
    uneven = float(np.average(to_below[cut:], weights=widths[cut:])) / apart
    return agreed + apart / 200 - uneven
