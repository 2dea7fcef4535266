"""Reads the 28×28 cells of an enlarged image: finds their edges and samples their centres."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.classes import IMAGE_SIZE
from fmnist.images.compose.fit import Box
from fmnist.images.records import Pixels
from fmnist.images.segment.colour_maps import invert_colours
from fmnist.images.segment.figure_parameters import CELLS

Span = tuple[float, float]
"""The start of the first cell and the end of the last one, in pixels."""


def read_cells(
    rgb: Pixels, box: Box, rows: int = IMAGE_SIZE, columns: int = IMAGE_SIZE
) -> Pixels | None:
    """Return the colours of the cells in a box, or None if it shows no such cells.

    Cells are detected if colours change at their edges and almost nowhere else. The box may be off
    by the width of a line, since the edges are searched for around it.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        box: the plot.
        rows: number of cells from top to bottom.
        columns: number of cells from left to right.

    Returns:
        uint8 ``(rows, columns, 3)``.
    """
    if min(box.height / rows, box.width / columns) < CELLS.min_cell:
        return None
    inside = rgb[box.top : box.bottom, box.left : box.right]
    down = _align(_sum_changes(inside, axis=0), rows)
    across = None if down is None else _align(_sum_changes(inside, axis=1), columns)
    if down is None or across is None:
        return None
    return _read_middles(inside, down, across, rows, columns)


def read_smooth(rgb: Pixels, box: Box) -> npt.NDArray[np.float32] | None:
    """Return the 28×28 intensities of an image enlarged by interpolation, or None.

    The intensities are sampled at the cell centres. They count only if interpolating them
    reproduces the rest of the box.

    Args:
        rgb: uint8 ``(h, w, 3)``, drawn with one colour map.
        box: the plot, including any line around it.

    Returns:
        float32 ``(28, 28)``, 0–255.
    """
    if min(box.height, box.width) < CELLS.min_cell * IMAGE_SIZE:
        return None
    line = CELLS.line
    inner = rgb[box.top + line : box.bottom - line, box.left + line : box.right - line]
    # A few pixels rule out almost every picture; only the rest is checked in full.
    step = max(1, int(min(box.height, box.width) / (IMAGE_SIZE * CELLS.samples)))
    if step > 1 and _read_smooth(inner, box, step) is None:
        return None
    return _read_smooth(inner, box, 1)


def _read_smooth(inner: Pixels, box: Box, step: int) -> npt.NDArray[np.float32] | None:
    """Implement ``read_smooth`` on every ``step``-th row and column."""
    values = invert_colours(inner[::step, ::step])
    if values is None or values.std() == 0:
        return None
    across, down = (
        ((np.arange(IMAGE_SIZE) + 0.5) * (side / IMAGE_SIZE) - 0.5 - CELLS.line) / step
        for side in (box.width, box.height)
    )
    places = np.meshgrid(across.astype(np.float32), down.astype(np.float32))
    cells = cv2.remap(values, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    left = min(
        float(np.square(_enlarge(cells, box, each)[::step, ::step] - values).mean())
        for each in (cv2.INTER_LINEAR, cv2.INTER_CUBIC)
    )
    return cells if left <= CELLS.max_residual * float(values.var()) else None


def _enlarge(
    cells: npt.NDArray[np.float32], box: Box, interpolation: int
) -> npt.NDArray[np.float32]:
    line = CELLS.line
    large = cv2.resize(cells, (box.width, box.height), interpolation=interpolation)
    return np.asarray(large[line:-line, line:-line])


def _sum_changes(inside: Pixels, axis: int) -> npt.NDArray[np.float64]:
    """Return the squared colour differences between neighbours, summed for each edge position."""
    margin = max(2, round(CELLS.search))
    lines = cv2.transpose(inside) if axis == 0 else inside
    step = max(1, len(lines) // CELLS.lines)
    # OpenCV transposes pixels ten times as fast as NumPy copies every so many of them.
    kept = cv2.transpose(np.ascontiguousarray(lines[margin:-margin:step]))
    changes = cv2.absdiff(kept[1:], kept[:-1]).astype(np.int32)
    summed = np.asarray(np.einsum("ijk,ijk->i", changes, changes), np.float64)
    summed[:margin] = summed[-margin:] = 0.0  # there lies the plot's frame
    return summed


def _align(changes: npt.NDArray[np.float64], count: int) -> Span | None:
    """Return the span of cells whose edges hold most of the changes; None if they hold too few."""
    # A single strong line (the plot's edge, a seam) must not outweigh all others.
    ordered = np.sort(changes)
    capped = ordered[-min(len(changes), count // CELLS.capped)]
    changes = np.minimum(changes, capped)
    total, length = float(changes.sum()), len(changes) + 1
    if total <= 0:
        return None
    offsets = np.arange(-CELLS.search, CELLS.search + CELLS.step / 2, CELLS.step)
    first, last = (side.reshape(-1, 1) for side in np.meshgrid(offsets, offsets, indexing="ij"))
    cell = (length + last - first) / count
    reach = np.minimum(CELLS.reach, CELLS.reach_share * cell)
    least = 2 * reach / cell * (1 - CELLS.min_edge_share) + CELLS.min_edge_share
    # A cheap test that rejects photos: even their strongest changes do not add up to that.
    near = (count + 1) * (1 + int(2 * reach.max()))
    if np.minimum(ordered[-near:], capped).sum() < least.min() * total:
        return None
    moved = np.flatnonzero(changes)
    phase = (moved + 1.0 - first) / cell
    off = np.abs(phase - np.round(phase)) * cell
    shares = (off <= reach) @ changes[moved] / total
    if (shares < least[:, 0])[shares == shares.max()].all():
        return None
    # Among spans with equal shares, take the one closest to all changes, then the first.
    best = np.lexsort((np.arange(len(off)), off @ changes[moved], -shares))[0]
    if shares[best] < least[best, 0]:
        return None
    return float(first[best, 0]), float(length + last[best, 0])


def _read_middles(inside: Pixels, down: Span, across: Span, rows: int, columns: int) -> Pixels:
    cells = np.empty((rows, columns, 3), np.uint8)
    parts = [
        [_find_core(*span, index, count, side) for index in range(count)]
        for span, count, side in (
            (down, rows, inside.shape[0]),
            (across, columns, inside.shape[1]),
        )
    ]
    for (row, high), (column, wide) in product(enumerate(parts[0]), enumerate(parts[1])):
        cells[row, column] = np.median(inside[high, wide].reshape(-1, 3), axis=0)
    return cells


def _find_core(first: float, last: float, index: int, count: int, side: int) -> slice:
    """Return the pixels at the centre of a cell: at least one, none of them at the plot's edge."""
    cell = (last - first) / count
    middle = first + (index + 0.5) * cell
    begin = int(np.clip(np.ceil(middle - CELLS.core / 2 * cell - 0.25), 1, side - 2))
    end = int(np.clip(np.floor(middle + CELLS.core / 2 * cell + 0.25), begin + 1, side - 1))
    return slice(begin, end)
