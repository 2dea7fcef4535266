"""The seam between two garments, such as a shirt and the trousers worn with it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fmnist.images.records import Mask
from fmnist.images.segment.silhouette import shrink_mask
from fmnist.images.segment.wearer_parameters import SEAM


class _Limits(NamedTuple):
    """The least difference of two garments' colours, and the share of it near their seam."""

    apart: float
    jump: float


def find_seam(
    colours: npt.NDArray[np.float32], garment: Mask, *, strict: bool, is_top: bool = False
) -> int | None:
    """Return the row at which a second garment begins; None if there is only one.

    Each row has its median colour. A seam parts the rows so that nearly all are more like the
    median of their own side than like that of the other, and the change comes at once, not as a
    shade does. Of several such rows the best has the most even cloth below, as with trousers: a
    shirt of two colours is not cut in two above them. The limits were set by looking at
    drawn wearers around validation images (docs/decisions/0011-pictures.md).

    Args:
        colours: float32 ``(h, w, 3)``, from ``compute_colours``.
        garment: bool ``(h, w)``.
        strict: two colours may be one garment's: ask for more.
        is_top: trousers are known to begin near the hips: ask for less there.
    """
    # Pixels at the edge are mixed with the background.
    inner = shrink_mask(garment)
    rows = np.flatnonzero(inner.any(axis=1))
    if len(rows) < SEAM.least_rows:
        return None
    medians = np.array([np.median(colours[row][inner[row]], axis=0) for row in rows])
    widths = garment[rows].sum(axis=1).astype(np.float64)
    first, last = (
        max(2, int((SEAM.least_top if is_top else SEAM.least_above) * len(rows))),
        max(2, int(SEAM.least_below * len(rows))),
    )
    cuts = np.arange(first, len(rows) - last)
    usual = _Limits(SEAM.apart_strict if strict else SEAM.apart, SEAM.jump)
    at_hips = _Limits(SEAM.apart_hips, SEAM.jump_hips)
    hips = SEAM.hips * len(rows) if is_top else np.inf
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
    """Return how far the colours of the rows just above and just below each cut are apart."""
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
    """Return how well a cut parts two garments; minus infinity if it parts none."""
    above, below = (np.median(part, axis=0) for part in (medians[:cut], medians[cut:]))
    apart = float(np.linalg.norm(above - below))
    if apart < limits.apart:
        return -np.inf
    narrow = np.mean(widths[cut:]) < SEAM.legs * np.percentile(widths[:cut], 75)
    to_above, to_below = (np.linalg.norm(medians - each, axis=1) for each in (above, below))
    is_own = np.concatenate([to_above[:cut] < to_below[:cut], to_below[cut:] < to_above[cut:]])
    agreed = float(np.average(is_own, weights=widths))
    if agreed < SEAM.agreed or jump < limits.jump * apart or (strict and not narrow):
        return -np.inf
    uneven = float(np.average(to_below[cut:], weights=widths[cut:])) / apart
    return agreed + apart / 200 - uneven
