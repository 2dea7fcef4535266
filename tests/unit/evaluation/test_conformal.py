"""Split-conformal sets: by hand, on drawn probabilities, and on the shipped runs."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.evaluation.conformal import compute_conformal_sets, fit_threshold
from fmnist.runs import Predictions
from fmnist.settings import PROJECT_DIR


def test_threshold_by_hand() -> None:
    y_proba = np.zeros((9, 10))
    y_proba[:, 3] = np.arange(1, 10) / 10
    y_true = np.full(9, 3)
    # Of nine images, ⌈10 · 0.8⌉ = 8 have at least 0.2; ⌈10 · 0.9⌉ = 9 have at least 0.1.
    assert fit_threshold(y_true, y_proba, 0.8) == pytest.approx(0.2)
    assert fit_threshold(y_true, y_proba, 0.9) == pytest.approx(0.1)
    assert fit_threshold(y_true, y_proba, 0.95) == 0.0  # ten would be needed


def test_sets_by_hand() -> None:
    val_proba = np.zeros((9, 10))
    val_proba[:, 0] = np.arange(1, 10) / 10
    test_proba = np.zeros((3, 10))
    test_proba[0, [0, 1]] = 0.5, 0.3
    test_proba[1, 2] = 0.1
    test_proba[2, 4] = 1.0
    sets = compute_conformal_sets(
        (np.zeros(9, int), val_proba), (np.array([1, 2, 4]), test_proba), 0.8
    )
    assert sets.sizes.tolist() == [1, 1, 1, *[0] * 8]  # nothing from 0.2 on, one, two
    assert sets.coverage == pytest.approx(2 / 3)
    assert sets.mean_size == 1.0
    assert sets.class_coverage[[1, 2, 4]].tolist() == [1, 0, 1]
    assert np.isnan(sets.class_coverage[0])


@pytest.mark.parametrize("level", [0.8, 0.9, 0.99])
def test_coverage_is_as_promised_whatever_the_network_says(level: float) -> None:
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 10, 20_000)
    y_proba = rng.dirichlet(np.ones(10), 20_000)
    half = slice(0, 10_000), slice(10_000, None)
    sets = compute_conformal_sets(*((y_true[part], y_proba[part]) for part in half), level=level)
    assert sets.coverage == pytest.approx(level, abs=0.012)  # three standard deviations of both


@pytest.mark.parametrize("run_id", ["baseline", "cnn", "compact", "record", "outside"])
def test_sets_of_the_shipped_runs_cover_what_they_promise(run_id: str) -> None:
    stored = Predictions.load(PROJECT_DIR / "models" / run_id / "predictions.npz")
    sets = compute_conformal_sets(
        (stored.val_true, stored.val_proba), (stored.test_true, stored.test_proba), 0.9
    )
    assert 0.89 <= sets.coverage <= 0.91
