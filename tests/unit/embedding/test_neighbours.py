from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from fmnist.embedding.neighbours import compute_neighbour_accuracy, place_among_neighbours


def make_points(n: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return overlapping groups of points, float32 ``(n, width)``, and their classes."""
    rng = np.random.default_rng(3)
    labels = np.arange(n, dtype=np.uint8) % 10
    centres = rng.normal(size=(10, width))
    return (centres[labels] + rng.normal(size=(n, width))).astype(np.float32), labels


def test_neighbour_accuracy_is_that_of_scikit_learn_without_the_image_itself() -> None:
    points, labels = make_points(120, 5)
    expected = cross_val_score(KNeighborsClassifier(10), points, labels, cv=LeaveOneOut()).mean()
    assert 0.2 < expected < 0.9
    assert compute_neighbour_accuracy(points, labels) == pytest.approx(expected)


def test_picture_is_placed_at_the_weighted_mean_of_its_neighbours() -> None:
    features, _ = make_points(60, 8)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    positions = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32)
    feature = np.full(8, 0.3, np.float32)
    placed = place_among_neighbours(features, positions, 5 * feature)
    model = KNeighborsRegressor(10, weights="distance").fit(features, positions)
    unit = feature / np.linalg.norm(feature)
    np.testing.assert_allclose(placed.position, model.predict(unit[None])[0], rtol=1e-4)
    np.testing.assert_array_equal(
        placed.neighbours, model.kneighbors(unit[None], return_distance=False)[0]
    )
    assert placed.weights.sum() == pytest.approx(1)


def test_image_of_the_map_is_placed_on_itself() -> None:
    features, _ = make_points(60, 8)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    positions = np.arange(120, dtype=np.float32).reshape(60, 2)
    placed = place_among_neighbours(features, positions, 3 * features[17])
    np.testing.assert_array_equal(placed.position, positions[17])
