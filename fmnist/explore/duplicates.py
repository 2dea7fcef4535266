"""Identical and nearly identical images, inside and across the splits."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from fmnist.classes import CLASS_NAMES, IMAGE_SIZE, N_PIXELS
from fmnist.explore.projection import fit_components, sum_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fmnist.data.dataset import Dataset, SplitName

NEAR_TOLERANCE: Final = 5.0
"""Grey levels, root mean square over the pixels: images that differ by less look the same."""

MAX_CANDIDATES: Final = 1_000_000
"""Most pairs that are compared pixel by pixel; a set of near copies would have billions."""

_N_PROBES: Final = 200
_CHUNK: Final = 4096


@dataclass(frozen=True)
class Member:
    """One image of a group: its split, its row in that split's file (from 1) and its label."""

    split: SplitName
    row: int
    label: int


@dataclass(frozen=True)
class DuplicateGroup:
    """Images linked by pairs that differ by no more than the tolerance.

    ``difference`` is the largest difference of a linked pair, root mean square over the 784 pixels,
    in grey levels (0–255): 0.0 when all are identical.
    """

    members: tuple[Member, ...]
    difference: float

    @property
    def is_identical(self) -> bool:
        """Return whether the images are equal in every pixel."""
        return self.difference == 0.0

    @property
    def is_across(self) -> bool:
        """Return whether both splits have members, which means that the test set leaks."""
        return len({member.split for member in self.members}) > 1

    @property
    def is_conflicting(self) -> bool:
        """Return whether the members have different labels."""
        return len({member.label for member in self.members}) > 1


@dataclass(frozen=True)
class Duplicates:
    """All groups, the most similar first; not ``is_complete`` with too many near pairs to list."""

    groups: tuple[DuplicateGroup, ...]
    tolerance: float
    is_complete: bool

    @property
    def n_test_leaked(self) -> int:
        """Number of test images that have a duplicate in the training set."""
        across = (group for group in self.groups if group.is_across)
        return sum(member.split == "test" for group in across for member in group.members)


def find_duplicates(dataset: Dataset, tolerance: float = NEAR_TOLERANCE) -> Duplicates:
    """Group the images of both splits that differ by no more than a tolerance.

    Identical images are found by hash. Near pairs are found exactly without comparing all pairs:
    an orthogonal projection never increases a distance, so images that are close are also close
    in ten principal components of their 4×4 block sums, where a k-d tree finds them. These
    candidates are then compared pixel by pixel.

    Args:
        dataset: both splits, uint8 ``(n, 28, 28)``.
        tolerance: grey levels (0–255), root mean square over the pixels; 0 for identical only.
    """
    x = (_flatten(dataset.x_train), _flatten(dataset.x_test))
    copies = _find_copies(x)
    representatives = np.array([group[0] for group in copies], dtype=np.int64)
    pairs, difference, is_complete = _find_near_pairs(x, representatives, tolerance)
    y = np.concatenate([dataset.y_train, dataset.y_test])

    def member(index: int) -> Member:
        n_train = len(x[0])
        in_train = index < n_train
        row = index + 1 if in_train else index - n_train + 1
        return Member("train" if in_train else "test", row, int(y[index]))

    groups = [
        DuplicateGroup(
            tuple(member(index) for part in parts for index in copies[part]),
            max((float(difference[link]) for link in links), default=0.0),
        )
        for parts, links in _connect(pairs)
    ]
    linked = set(pairs.ravel().tolist())
    groups += [
        DuplicateGroup(tuple(map(member, group)), 0.0)
        for position, group in enumerate(copies)
        if len(group) > 1 and position not in linked
    ]
    groups.sort(key=lambda group: (group.difference, group.members[0].split, group.members[0].row))
    return Duplicates(tuple(groups), tolerance, is_complete)


def build_duplicates_table(duplicates: Duplicates) -> pd.DataFrame:
    """Return one row per image with its group, difference, split, row and class."""
    rows = [
        (number, group.difference, member.split, member.row, CLASS_NAMES[member.label])
        for number, group in enumerate(duplicates.groups, start=1)
        for member in group.members
    ]
    return pd.DataFrame(rows, columns=["group", "difference", "split", "row", "class"])


def _flatten(x: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(x).reshape(len(x), N_PIXELS)


def _find_copies(x: tuple[NDArray[np.uint8], ...]) -> list[list[int]]:
    """Group the indices (test after train) of identical rows; a row without a copy is a group."""
    seen: defaultdict[bytes, list[int]] = defaultdict(list)
    index = 0
    for part in x:
        for row in part:
            seen[hashlib.blake2b(row, digest_size=16).digest()].append(index)
            index += 1
    return list(seen.values())


def _find_near_pairs(
    x: tuple[NDArray[np.uint8], ...], rows: NDArray[np.int64], tolerance: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], bool]:
    """Return the near pairs as positions in ``rows``, their differences, and whether all are."""
    from scipy.spatial import cKDTree

    none = np.empty((0, 2), dtype=np.int64), np.empty(0)
    if tolerance <= 0 or len(rows) < 2:
        return *none, True
    blocks = sum_blocks(x)
    tree = cKDTree(fit_components(blocks).project(blocks)[rows])
    radius = tolerance * IMAGE_SIZE * (1 + 1e-5)  # the projection is rounded to float32
    probes = tree.data[:: max(1, len(rows) // _N_PROBES)]
    found = tree.query_ball_point(probes, radius, return_length=True)
    if (found.mean() - 1) * len(rows) / 2 > MAX_CANDIDATES:
        return *none, False
    pairs = tree.query_pairs(radius, output_type="ndarray").astype(np.int64)
    difference = np.empty(len(pairs))
    for start in range(0, len(pairs), _CHUNK):
        first, second = rows[pairs[start : start + _CHUNK]].T
        gap = _take(x, first).astype(np.int32) - _take(x, second)
        difference[start : start + _CHUNK] = np.sqrt((gap**2).mean(axis=1))
    close = difference <= tolerance
    return pairs[close], difference[close], True


def _take(x: tuple[NDArray[np.uint8], ...], index: NDArray[np.int64]) -> NDArray[np.uint8]:
    rows = np.empty((len(index), N_PIXELS), dtype=np.uint8)
    in_first = index < len(x[0])
    rows[in_first] = x[0][index[in_first]]
    rows[~in_first] = x[1][index[~in_first] - len(x[0])]
    return rows


def _connect(pairs: NDArray[np.int64]) -> list[tuple[list[int], list[int]]]:
    """Return the connected components of the pairs: nodes, and positions of their pairs."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    shape = (len(nodes), len(nodes))
    links = coo_array((np.ones(len(ends), dtype=bool), (ends[:, 0], ends[:, 1])), shape=shape)
    n_parts, part = connected_components(links, directed=False)
    return [
        (nodes[part == k].tolist(), np.flatnonzero(part[ends[:, 0]] == k).tolist())
        for k in range(n_parts)
    ]
