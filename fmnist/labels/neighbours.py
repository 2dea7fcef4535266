"""Nearest training images by pixels: an image's neighbours, and how unusual it is."""

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
        count: number of neighbours per image.
        report: called with the fraction done, 0 to 1.

    Returns:
        Rows of the training set, int32 ``(n + m, count)``, nearest first, for the training images,
        then the test images; and the mean distance to them, float32 ``(n + m,)``, as the root mean
        square over the pixels in grey levels: larger means more unusual.
    """
    from sklearn.decomposition import PCA
    from sklearn.neighbors import NearestNeighbors

    flat = [part.reshape(-1, N_PIXELS).astype(np.float32) for part in (train, test)]
    n_components = min(_N_COMPONENTS, len(train))
    pca = PCA(n_components, svd_solver="covariance_eigh").fit(flat[0])
    projected = [np.asarray(pca.transform(part), np.float32) for part in flat]
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(projected[0])
    everything = np.concatenate(projected)
    rows = np.empty((len(everything), count), np.int32)
    for start in range(0, len(everything), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        near = search.kneighbors(everything[chunk], return_distance=False)
        for offset, row in enumerate(near):
            index = start + offset
            others = row != index if index < len(train) else np.ones(len(row), bool)
            rows[index] = row[others][:count]
        report(min(1.0, (start + _CHUNK) / len(everything)))
    distances = np.concatenate(
        [_measure(train, rows[: len(train)], train), _measure(test, rows[len(train) :], train)]
    )
    return rows, distances


def _measure(
    images: NDArray[np.uint8], rows: NDArray[np.int32], train: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Return the mean distance to the neighbours over all pixels.

    The components would omit most of the noise.
    """
    distances = np.empty(len(images), np.float32)
    for index, (image, near) in enumerate(zip(images, rows, strict=True)):
        gaps = (train[near].astype(np.float32) - image).reshape(len(near), -1)
        distances[index] = np.sqrt((gaps**2).mean(axis=1)).mean()
    return distances
