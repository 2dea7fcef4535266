"""Nearest training images by pixels: how unusual an image is, and what its neighbours are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_PIXELS

N_NEIGHBOURS: Final = 10
_N_COMPONENTS: Final = 50
_CHUNK: Final = 5000


def find_neighbours(
    train: NDArray[np.uint8],
    test: NDArray[np.uint8],
    *,
    count: int = N_NEIGHBOURS,
    report: Callable[[float], object] = lambda _share: None,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find the nearest training images of all images, by 50 principal components of the pixels.

    An image is not a neighbour of itself.

    Args:
        train: uint8 ``(n, 28, 28)``, more than ``count``.
        test: uint8 ``(m, 28, 28)``.
        count: neighbours of each image.
        report: called with the share done, 0 to 1.

    Returns:
        Rows of the training set, int32 ``(n + m, count)``, nearest first, of the training images,
        then of the test images; and the mean distance to them, float32 ``(n + m,)``, root mean
        square over the pixels in grey levels: the larger, the more unusual.
    """
    from sklearn.decomposition import PCA
    from sklearn.neighbors import NearestNeighbors

    flat = [part.reshape(-1, N_PIXELS).astype(np.float32) for part in (train, test)]
    n_components = min(_N_COMPONENTS, len(train))
    pca = PCA(n_components, svd_solver="covariance_eigh").fit(flat[0])
    projected = [np.asarray(pca.transform(part), np.float32) for part in flat]
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(projected[0])
    # What the components leave out counts, too: noise lies almost wholly outside of them.
    rest = [
        (part**2).sum(axis=1) - (kept**2).sum(axis=1)
        for part, kept in zip((part - pca.mean_ for part in flat), projected, strict=True)
    ]
    everything, left_out = np.concatenate(projected), np.maximum(np.concatenate(rest), 0)
    rows = np.empty((len(everything), count), np.int32)
    distances = np.empty(len(everything), np.float32)
    for start in range(0, len(everything), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        gaps, near = search.kneighbors(everything[chunk])
        for offset, (gap, row) in enumerate(zip(gaps, near, strict=True)):
            index = start + offset
            others = row != index if index < len(train) else np.ones(len(row), bool)
            rows[index] = row[others][:count]
            squares = gap[others][:count] ** 2 + left_out[index]
            distances[index] = np.sqrt(squares / N_PIXELS).mean()
        report(min(1.0, (start + _CHUNK) / len(everything)))
    return rows, distances
