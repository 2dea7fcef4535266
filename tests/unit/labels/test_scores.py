"""Planted flips on recorded probabilities; cleanlab takes seconds to import."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.evaluation.metrics import compute_confusion
from fmnist.labels.scores import METHODS, score_labels
from fmnist.runs import Predictions
from fmnist.settings import PROJECT_DIR

pytestmark = pytest.mark.slow

N_FLIPS = 200


@pytest.mark.parametrize("method", METHODS)
def test_score_of_a_label_by_hand(method: str) -> None:
    y_proba = np.array([[0.7, 0.2, *[0.0125] * 8], [0.7, 0.2, *[0.0125] * 8]])
    fits, doubtful = score_labels(np.array([0, 1]), y_proba, method)
    assert 0 <= doubtful < fits <= 1
    if method == "self_confidence":
        assert [fits, doubtful] == pytest.approx([0.7, 0.2])
    if method == "normalized_margin":  # (p − highest other + 1) / 2
        assert [fits, doubtful] == pytest.approx([0.75, 0.25])


def test_planted_flips_come_first_by_recorded_probabilities() -> None:
    """The validation answers of ``compact``: of 6,000 images that it was not trained on."""
    stored = Predictions.load(PROJECT_DIR / "models" / "compact" / "predictions.npz")
    y_true = stored.val_true.astype(np.int64)
    confused = compute_confusion(y_true, stored.val_proba.argmax(axis=1)).astype(float)
    np.fill_diagonal(confused, 0)
    rng = np.random.default_rng(0)
    flipped = rng.choice(len(y_true), N_FLIPS, replace=False)
    labels = y_true.copy()
    for row in flipped:  # to a class that it is confused with, in proportion
        odds = confused[y_true[row]]
        labels[row] = rng.choice(10, p=odds / odds.sum())
    first = np.argsort(score_labels(labels, stored.val_proba, "self_confidence"), kind="stable")
    assert np.isin(first[:N_FLIPS], flipped).mean() >= 0.8
