"""Neighbours on a map and by features: the accuracy of a map, the position of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.explain.nearest import find_nearest

N_NEIGHBOURS: Final = 10

_SAME: Final = 1e-6
"""Distance below which features of length 1 belong to the same image."""


@dataclass(frozen=True)
class Placement:
    """The position of a picture on a map.

    Attributes:
        position: float32 ``(2,)``.
        neighbours: positions in the map's arrays of the images nearest by features, int64
            ``(10,)``, nearest first.
        weights: weight of each neighbour, float64 ``(10,)``, adding up to 1.
    """

    position: NDArray[np.float32]
    neighbours: NDArray[np.int64]
    weights: NDArray[np.float64]


def compute_neighbour_accuracy(points: NDArray[np.floating], labels: NDArray[Any]) -> float:
    """Return the fraction of images whose class is the most frequent among their ten neighbours.

    The first of equally frequent classes counts, as in scikit-learn's k-nearest-neighbours vote.

    Args:
        points: float ``(n, k)``, positions or features, of more than ten images.
        labels: integers ``(n,)``, 0 to 9.
    """
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=N_NEIGHBOURS).fit(points)
    near = search.kneighbors(return_distance=False)
    votes = (labels[near][..., None] == np.arange(N_CLASSES)).sum(axis=1)  # (n, 10)
    return float((votes.argmax(axis=1) == labels).mean())


def place_among_neighbours(
    features: NDArray[np.float32],
    positions: NDArray[np.float32],
    feature: NDArray[np.float32],
) -> Placement:
    """Return the weighted mean position of a picture's ten nearest images by features.

    Weights are inverse distances; an image identical to the picture gets all the weight.

    Args:
        features: features of the images on the map, float32 ``(n, k)``, each of length 1.
        positions: float32 ``(n, 2)``.
        feature: features of the picture, float32 ``(k,)``, of any length.
    """
    neighbours = find_nearest(features, feature, N_NEIGHBOURS)
    unit = feature / max(float(np.linalg.norm(feature)), 1e-9)
    distances = np.linalg.norm(features[neighbours] - unit, axis=1).astype(np.float64)
    is_same = distances < _SAME
    weights = is_same.astype(float) if is_same.any() else 1 / distances
    weights /= weights.sum()
    return Placement((weights @ positions[neighbours]).astype(np.float32), neighbours, weights)
