from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist.explain.robustness import choose_items, measure_robustness, read_robustness
from fmnist.images.corruptions import CORRUPTIONS

LABELS = np.repeat(np.arange(10), 30).astype(np.uint8)
IMAGES = np.zeros((300, 28, 28), np.uint8)
IMAGES[:, 10:18, 10:18] = 20 * (LABELS[:, None, None] + 1)
DATASET: Any = SimpleNamespace(x_test=IMAGES, y_test=LABELS)


class Brightness:
    """Classifies by the brightness of the middle, which only some corruptions change."""

    def predict(self, _run: object, images: np.ndarray) -> np.ndarray:
        answers = np.clip(np.rint(images[:, 13:15, 13:15].mean(axis=(1, 2)) / 20) - 1, 0, 9)
        return np.eye(10)[answers.astype(int)]


def test_items_are_as_many_of_each_class() -> None:
    rows = choose_items(LABELS, 100)
    assert np.bincount(LABELS[rows]).tolist() == [10] * 10
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, choose_items(LABELS, 100))
    np.testing.assert_array_equal(choose_items(LABELS, 300), np.arange(300))


def test_accuracy_by_severity_of_a_classifier_of_brightness() -> None:
    shares: list[float] = []
    found = measure_robustness(Brightness(), None, DATASET, 100, shares.append)  # type: ignore[arg-type]
    assert (found.n_items, found.clean) == (100, 1.0)
    assert set(found.accuracy) == set(CORRUPTIONS)
    assert found.accuracy["shift"][0] == 1.0
    assert found.accuracy["brightness"][4] < 0.3
    assert found.mean == pytest.approx(np.mean(list(found.accuracy.values())))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
    assert read_robustness(json.loads(json.dumps(dataclasses.asdict(found)))) == found
