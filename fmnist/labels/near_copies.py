"""Finds pairs of images that are copies of each other, even if shifted by a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SIZE, N_PIXELS
from fmnist.explore.duplicates import MAX_CANDIDATES, NEAR_TOLERANCE
from fmnist.explore.projection import fit_components, sum_blocks

SHIFTS: Final = tuple((down, right) for down in (0, -1, 1) for right in (0, -1, 1))
"""Shifts of a pair's first image, down and to the right. Both directions are needed, because pixels
shifted out of the image are lost and shifting back does not restore them."""

_CHUNK: Final = 4096


@dataclass(frozen=True)
class NearCopies:
    """Pairs of images, the most similar first; each pair once, with its smallest difference.

    Attributes:
        pairs: int64 ``(m, 2)``, rows of the given images.
        shifts: int64 ``(m, 2)``, shift of the first image, down and to the right, in pixels.
        differences: float64 ``(m,)``, root mean square over the pixels, in grey levels.
    """

    pairs: NDArray[np.int64]
    shifts: NDArray[np.int64]
    differences: NDArray[np.float64]


def shift_images(images: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """Shift images, uint8 ``(n, 28, 28)``, by at most a pixel; zeros fill the gap."""
    moved = np.zeros_like(images)
    size = IMAGE_SIZE
    moved[:, max(down, 0) : size + min(down, 0), max(right, 0) : size + min(right, 0)] = images[
        :, max(-down, 0) : size + min(-down, 0), max(-right, 0) : size + min(-right, 0)
    ]
    return moved


def find_near_copies(
    images: NDArray[np.uint8],
    *,
    tolerance: float = NEAR_TOLERANCE,
    report: Callable[[float], object] = lambda _share: None,
) -> NearCopies:
    """Find all pairs within a tolerance of each other, shifted by at most a pixel.

    Args:
        images: uint8 ``(n, 28, 28)``.
        tolerance: grey levels (0–255), root mean square over the pixels.
        report: called with the fraction done, 0 to 1.
    """
    from scipy.spatial import cKDTree

    blocks = sum_blocks([images])
    components = fit_components(blocks)
    tree = cKDTree(components.project(blocks))
    found: list[tuple[NDArray[np.int64], tuple[int, int], NDArray[np.float64]]] = []
    # The projection is rounded to float32.
    radius = tolerance * IMAGE_SIZE * (1 + 1e-5)
    for number, shift in enumerate(SHIFTS):
        moved = images if shift == (0, 0) else shift_images(images, *shift)
        probes = components.project(sum_blocks([moved]))
        pairs = _find_candidates(tree, probes, radius)
        difference = _measure(moved, images, pairs)
        close = difference <= tolerance
        found.append((pairs[close], shift, difference[close]))
        report((number + 1) / len(SHIFTS))
    return _keep_best(found)


def _find_candidates(tree: object, probes: NDArray[np.float32], radius: float) -> NDArray[np.int64]:
    """Return pairs (row of a query, row in the tree) within the radius, without self-pairs."""
    pieces, n_found = [np.empty((0, 2), np.int64)], 0
    for start in range(0, len(probes), _CHUNK):
        near = tree.query_ball_point(probes[start : start + _CHUNK], radius, workers=-1)  # type: ignore[attr-defined]
        lengths = np.fromiter(map(len, near), np.int64, len(near))
        first = np.repeat(np.arange(start, start + len(near)), lengths)
        second = np.concatenate([*near, []]).astype(np.int64)
        pieces.append(np.column_stack([first, second])[first != second])
        n_found += len(pieces[-1])
        if n_found > MAX_CANDIDATES:  # a data set full of near copies has billions of pairs
            break
    return np.concatenate(pieces)


def _measure(
    moved: NDArray[np.uint8], images: NDArray[np.uint8], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    difference = np.empty(len(pairs))
    for start in range(0, len(pairs), _CHUNK):
        first, second = pairs[start : start + _CHUNK].T
        gap = moved[first].reshape(-1, N_PIXELS).astype(np.int32) - images[second].reshape(
            -1, N_PIXELS
        )
        difference[start : start + _CHUNK] = np.sqrt((gap**2).mean(axis=1))
    return difference


def _keep_best(
    found: list[tuple[NDArray[np.int64], tuple[int, int], NDArray[np.float64]]],
) -> NearCopies:
    """Merge the pairs of all shifts, each pair once, most similar first."""
    pairs = np.concatenate([part for part, _, _ in found])
    shifts = np.concatenate([np.tile(shift, (len(part), 1)) for part, shift, _ in found])
    differences = np.concatenate([part for _, _, part in found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0], differences))
    pairs, shifts, differences = pairs[order], shifts[order], differences[order]
    _, first = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)
    kept = np.sort(first)
    return NearCopies(pairs[kept], shifts[kept].astype(np.int64), differences[kept])


def find_leaked_rows(copies: NearCopies, n_train: int) -> NDArray[np.int64]:
    """Return the rows of the test images that have a near copy in the training set, ascending.

    Args:
        copies: the near copies among the training images, then the test images.
        n_train: number of training images.
    """
    first, second = np.sort(copies.pairs, axis=1).T
    return np.unique(second[(first < n_train) & (second >= n_train)]) - n_train
