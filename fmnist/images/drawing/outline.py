"""Closes open outlines: joins the loose ends of a drawing's strokes, then fills the inside."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from fmnist.images.compose.fit import compute_box
from fmnist.images.drawing.parameters import OUTLINE
from fmnist.images.records import Mask

_NEIGHBOURS: Final = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))

Link = tuple[tuple[int, int], tuple[int, int]]
"""Two points, each (row, column), joined by a straight line."""

Pairs = tuple[tuple[int, int], ...]
"""The ends that are joined, by their indices."""


def close_outline(strokes: Mask) -> tuple[Mask, int]:
    """Return the region that strokes enclose once their loose ends are joined.

    Strokes are thinned to lines. Two options are compared: pairing all ends so that the links
    together are shortest, where an unpaired end costs as much as a long link; and joining a single
    pair. The one that encloses more for its length wins. Ends that are still loose are joined to
    the nearest line that is far away along the strokes.

    Args:
        strokes: bool ``(h, w)``, not empty.

    Returns:
        bool ``(h, w)``, including the strokes, and the number of links made.
    """
    height, width = strokes.shape
    scale = min(1.0, OUTLINE.grid / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    grid = cv2.resize(strokes.astype(np.float32), size, interpolation=cv2.INTER_AREA) > OUTLINE.ink
    grid = np.pad(grid, OUTLINE.pad)
    links = _find_links(grid) if grid.any() else []
    inner = slice(OUTLINE.pad, -OUTLINE.pad)
    solid = _fill(grid, links)[inner, inner].astype(np.float32)
    filled = cv2.resize(solid, (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    return np.asarray(filled | strokes), len(links)


def _find_links(grid: Mask) -> list[Link]:
    line = cv2.ximgproc.thinning(grid.astype(np.uint8) * np.uint8(255)) > 0
    ends = _find_ends(line)
    if not 1 <= len(ends) <= OUTLINE.max_ends:
        return []
    top, bottom, left, right = compute_box(line)
    size = max(bottom - top, right - left)
    apart = np.linalg.norm(ends[:, None] - ends[None], axis=-1)
    reach = {
        (i, j): float(apart[i, j])
        for i, j in combinations(range(len(ends)), 2)
        if apart[i, j] < OUTLINE.reach * OUTLINE.longest_link * size
    }
    places = [(int(row), int(column)) for row, column in ends]
    stubs = _find_partners(line, ends, OUTLINE.longest_stub * size)

    def link(pairs: Pairs) -> list[Link]:
        joined = {end for pair in pairs for end in pair}
        loose = [(places[i], stub) for i, stub in enumerate(stubs) if stub and i not in joined]
        return [(places[i], places[j]) for i, j in pairs] + loose

    def rate(links: list[Link]) -> float:
        lengths = [math.dist(*each) for each in links]
        area = np.count_nonzero(_fill(grid, links))
        return float(area) - OUTLINE.length_cost * sum(n**2 for n in lengths)

    ways = [
        _match_ends(len(ends), reach, OUTLINE.longest_link * size),
        *((pair,) for pair in reach),
    ]
    return max((link(pairs) for pairs in ways), key=rate)


def _fill(grid: Mask, links: list[Link]) -> Mask:
    lines = grid.astype(np.uint8)
    for (row, column), (end_row, end_column) in links:
        cv2.line(lines, (column, row), (end_column, end_row), 1, 1)
    cv2.floodFill(lines, None, (0, 0), 2)  # starts in the padding, which is outside
    return np.asarray(lines != 2)


def _find_ends(line: Mask) -> npt.NDArray[np.intp]:
    """Return the points of a thin line that have one neighbour, int ``(n, 2)``."""
    framed = np.pad(line, 1)
    count = sum(np.roll(framed, step, (0, 1)).astype(np.int32) for step in _NEIGHBOURS)
    return np.argwhere(line & (np.asarray(count)[1:-1, 1:-1] == 1))


def _match_ends(count: int, reach: dict[tuple[int, int], float], alone: float) -> Pairs:
    """Pair ends so that links and unpaired ends together cost least; exact, at most 14 ends."""

    @cache
    def solve(left: int) -> tuple[float, Pairs]:
        if not left:
            return 0.0, ()
        first = (left & -left).bit_length() - 1
        rest = left & ~(1 << first)
        cost, pairs = solve(rest)
        best = cost + alone, pairs
        for (i, j), gap in reach.items():
            if i == first and rest >> j & 1:
                cost, pairs = solve(rest & ~(1 << j))
                if cost + gap < best[0]:
                    best = cost + gap, (*pairs, (i, j))
        return best

    return solve((1 << count) - 1)[1]


def _find_partners(
    line: Mask, ends: npt.NDArray[np.intp], reach: float
) -> list[tuple[int, int] | None]:
    """Return for each end the nearest point within reach that is far along the line or off it."""
    places = np.argwhere(line)
    gaps = np.linalg.norm(places[None] - ends[:, None], axis=-1)
    is_gap = (_walk(line, ends) > OUTLINE.far_along * gaps + 4) & (gaps < reach)
    nearest = np.where(is_gap, gaps, np.inf).argmin(axis=1)
    return [
        (int(places[i, 0]), int(places[i, 1])) if found.any() else None
        for i, found in zip(nearest, is_gap, strict=True)
    ]


def _walk(line: Mask, starts: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Return the number of steps along the line from each start; infinite if there is no path.

    Returns:
        float ``(starts, points)``, with the line's points in the order of ``np.argwhere``.
    """
    number = np.full(line.shape, -1)
    number[line] = np.arange(line.sum())
    edges = []
    for down, right in _NEIGHBOURS:
        other = np.roll(number, (-down, -right), (0, 1))  # padding keeps the line off the border
        both = line & (other >= 0)
        edges.append(np.stack([number[both], other[both]]))
    rows, columns = np.concatenate(edges, axis=1)
    graph = csr_array((np.ones(len(rows)), (rows, columns)), shape=(line.sum(), line.sum()))
    return np.asarray(dijkstra(graph, indices=number[*starts.T], unweighted=True))
