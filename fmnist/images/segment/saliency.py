"""How likely each pixel belongs to the subject: far in colour from the border, and central."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import Pixels
from fmnist.images.segment.parameters import SALIENCY

_NEIGHBOURS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def compute_saliency(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return how likely each pixel belongs to the subject, float32 ``(h, w)``, 0 to 1.

    The geodesic distance of a pixel is the least sum of colour changes on a way from the border
    (Wei et al., Geodesic Saliency Using Background Priors, 2012); changes as small as those along
    the border cost nothing, and starting from a border pixel unlike most others costs as much as
    it differs, since the subject may touch the border there. What is far from the middle counts
    for less: people aim at what they photograph.

    Args:
        rgb: uint8 ``(h, w, 3)``.
    """
    colours = compute_colours(rgb)
    distance = _compute_geodesic(colours)
    height, width = distance.shape
    y, x = np.mgrid[0:height, 0:width]
    off = ((x / width - 0.5) / 0.38) ** 2 + ((y / height - 0.5) / 0.42) ** 2
    saliency = distance / (distance + SALIENCY.half) * (0.35 + 0.65 * np.exp(-off))
    return np.asarray(saliency, dtype=np.float32)


def compute_colours(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return weighted L*a*b*, float32 ``(h, w, 3)``, in which cloth and floor lie far apart."""
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
    starts, ends, changes = _compute_edges(grid)
    border = np.ones(grid.shape[:2], dtype=np.bool_)
    border[2:-2, 2:-2] = False
    along = border.ravel()[starts] & border.ravel()[ends]
    noise = np.percentile(changes[along], SALIENCY.noise_percentile)
    edge = np.flatnonzero(
        np.pad(np.zeros((size[1] - 2, size[0] - 2), np.bool_), 1, constant_values=True)
    )
    # How far a border pixel is from the quarter of the border that is most like it.
    flat = grid.reshape(-1, 3)[edge]
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=-1)
    entry = np.sort(apart, axis=1)[:, len(edge) // 4]
    outside = grid.shape[0] * grid.shape[1]
    rows = np.concatenate([starts, np.full(len(edge), outside)])
    columns = np.concatenate([ends, edge])
    costs = np.concatenate([np.maximum(changes - noise, 0.0), entry]) + SALIENCY.step_cost
    # Here, as the first page would wait for them and reads no picture.
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    graph = coo_matrix((costs, (rows, columns)), shape=(outside + 1, outside + 1)).tocsr()
    distance = dijkstra(graph, directed=False, indices=outside)[:-1].reshape(grid.shape[:2])
    up = cv2.resize(distance.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.maximum(up, 0.0))


def _compute_edges(
    grid: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Return each pair of neighbours on the grid, as two indices, and how their colours differ."""
    height, width = grid.shape[:2]
    index = np.arange(height * width).reshape(height, width)
    starts, ends = [], []
    for down, right in _NEIGHBOURS:
        left = slice(max(0, -right), width - max(0, right))
        starts.append(index[: height - down, left].ravel())
        ends.append(index[down:, slice(left.start + right, left.stop + right)].ravel())
    first, second = np.concatenate(starts), np.concatenate(ends)
    flat = grid.reshape(-1, 3)
    return first, second, np.linalg.norm(flat[first] - flat[second], axis=1)
