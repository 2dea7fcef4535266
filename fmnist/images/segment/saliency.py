"""Saliency: how likely each pixel belongs to the subject, by its colour and position."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import MIDDLE, Pixels, Point
from fmnist.images.segment.parameters import SALIENCY

_NEIGHBOURS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def compute_saliency(rgb: Pixels, middle: Point = MIDDLE) -> npt.NDArray[np.float32]:
    """Return how likely each pixel belongs to the subject, float32 ``(h, w)``, 0 to 1.

    A pixel's geodesic distance is the smallest sum of colour changes along any path from the border
    (Wei et al., Geodesic Saliency Using Background Priors, 2012). Changes as small as those along
    the border cost nothing. Starting from a border pixel that is unlike most others costs as much
    as it differs, because the subject may touch the border there. Pixels far from the middle count
    less, because people aim at what they photograph.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        middle: where the subject should be, as fractions of width and height.
    """
    colours = compute_colours(rgb)
    distance = _compute_geodesic(colours)
    height, width = distance.shape
    y, x = np.mgrid[0:height, 0:width]
    off = ((x / width - middle[0]) / 0.38) ** 2 + ((y / height - middle[1]) / 0.42) ** 2
    saliency = distance / (distance + SALIENCY.half) * (0.35 + 0.65 * np.exp(-off))
    return np.asarray(saliency, dtype=np.float32)


def compute_colours(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return weighted L*a*b*, float32 ``(h, w, 3)``, which separates fabric from floor."""
    lab: npt.NDArray[np.float32]
    lab = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= SALIENCY.lightness_weight
    lab[..., 1:] = (lab[..., 1:] - 128.0) * SALIENCY.colour_weight
    return lab


def _compute_geodesic(colours: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    height, width = colours.shape[:2]
    scale = SALIENCY.grid / max(height, width)
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    blurred = cv2.GaussianBlur(colours, (0, 0), max(0.1, 0.5 / scale))
    grid = cv2.resize(blurred, size, interpolation=cv2.INTER_AREA)
    graph = _build_graph(*grid.shape[:2])
    flat = grid.reshape(-1, 3)
    changes = np.sqrt(np.square(flat[graph.starts] - flat[graph.ends]).sum(axis=1))
    noise = np.percentile(changes[graph.is_along], SALIENCY.noise_percentile)
    # The distance of a border pixel from the quarter of the border most similar to it.
    edge = flat[graph.edge]
    squares = np.square(edge).sum(axis=1)
    apart = squares[:, None] + squares - 2 * edge @ edge.T
    nearest = np.partition(apart, len(edge) // 4, axis=1)[:, len(edge) // 4]
    entry = np.sqrt(np.maximum(nearest, 0.0))
    costs = np.concatenate([np.maximum(changes - noise, 0.0), entry]) + SALIENCY.step_cost
    # Imported here because the first page would wait for them without needing them.
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    outside = len(flat)
    matrix = csr_array(
        (costs[graph.order], graph.columns, graph.row_ends), shape=(outside + 1,) * 2
    )
    distance = dijkstra(matrix, indices=outside)[:-1].reshape(grid.shape[:2])
    up = cv2.resize(distance.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.maximum(up, 0.0))


@dataclass(frozen=True)
class _Graph:
    """A grid of pixels with edges between neighbours, and an outside node joined to the border.

    Attributes:
        starts, ends: the pixels of each pair of neighbours, int ``(n,)``.
        is_along: whether a pair lies within two pixels of the border, bool ``(n,)``.
        edge: the pixels on the border, int ``(m,)``.
        order: int ``(2 n + m,)``: for each entry of the sparse matrix, the pair (first ``n``) or
            border pixel (last ``m``) that holds its cost.
        columns, row_ends: column indices and row pointers of these entries, as in SciPy's
            ``csr_array``.
    """

    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    is_along: npt.NDArray[np.bool_]
    edge: npt.NDArray[np.intp]
    order: npt.NDArray[np.intp]
    columns: npt.NDArray[np.int32]
    row_ends: npt.NDArray[np.int32]


@lru_cache(maxsize=32)
def _build_graph(height: int, width: int) -> _Graph:
    """Return the graph of a grid; cached, since most photos have one of a few sizes."""
    index = np.arange(height * width).reshape(height, width)
    starts, ends = [], []
    for down, right in _NEIGHBOURS:
        left = slice(max(0, -right), width - max(0, right))
        starts.append(index[: height - down, left].ravel())
        ends.append(index[down:, slice(left.start + right, left.stop + right)].ravel())
    first, second = np.concatenate(starts), np.concatenate(ends)
    is_border, is_edge = np.ones((2, height, width), dtype=np.bool_)
    is_border[2:-2, 2:-2] = False
    is_edge[1:-1, 1:-1] = False
    is_along = is_border.ravel()[first] & is_border.ravel()[second]
    edge = np.flatnonzero(is_edge)
    pairs = np.arange(len(first))
    # Edges between pixels go both ways, those from outside only inwards.
    rows = np.concatenate([first, second, np.full(len(edge), index.size)])
    columns = np.concatenate([second, first, edge]).astype(np.int32)
    costs = np.concatenate([pairs, pairs, len(pairs) + np.arange(len(edge))])
    by_row = np.argsort(rows, kind="stable")
    row_ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=index.size + 1))])
    return _Graph(
        first, second, is_along, edge, costs[by_row], columns[by_row], row_ends.astype(np.int32)
    )
