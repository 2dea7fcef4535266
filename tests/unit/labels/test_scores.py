"""Scores of labels by hand, and planted flips on recorded probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.evaluation.metrics import compute_confusion
from fmnist.labels.scores import (
    CONFUSION_ODDS,
    OUT_OF_FOLD_METHODS,
    rank_candidates,
    score_labels,
    score_with_learned,
)
from fmnist.runs import Predictions
from fmnist.settings import PROJECT_DIR

N_FLIPS = 200


@pytest.mark.slow  # cleanlab takes seconds to import
@pytest.mark.parametrize("method", OUT_OF_FOLD_METHODS)
def test_score_of_a_label_by_hand(method: str) -> None:
    y_proba = np.array([[0.7, 0.2, *[0.0125] * 8], [0.7, 0.2, *[0.0125] * 8]])
    fits, doubtful = score_labels(np.array([0, 1]), y_proba, method)
    assert 0 <= doubtful < fits <= 1
    if method == "self_confidence":
        assert [fits, doubtful] == pytest.approx([0.7, 0.2])
    if method == "normalized_margin":  # (p − highest other + 1) / 2
        assert [fits, doubtful] == pytest.approx([0.75, 0.25])


def test_confusion_odds_by_hand() -> None:
    y_proba = np.zeros((4, 10))
    y_proba[0, [0, 1]] = 0.6, 0.4
    y_proba[1, [0, 2]] = 0.8, 0.2
    y_proba[2, [0, 1]] = 0.5, 0.5
    y_proba[3, [0, 2]] = 0.1, 0.9
    # Class 0 is confused with 1 and 2 as 0.4 to 0.2; 1 and 2 with 0 alone.
    scores = score_labels(np.array([0, 0, 1, 2]), y_proba, CONFUSION_ODDS)
    expected = [0.6, 0.8, 0.5 / (0.5 + 0.5 * 2 / 3), 0.9 / (0.9 + 0.1 * 1 / 3)]
    assert scores == pytest.approx(expected)
    assert scores.dtype == np.float32


def test_equally_unlikely_labels_are_ranked_by_how_often_their_classes_are_confused() -> None:
    labels = np.repeat([0, 0, 0, 1, 2], [90, 9, 1, 1, 1])
    y_proba = np.eye(10)[np.repeat([0, 1, 2, 0, 0], [90, 9, 1, 1, 1])] * 0.99
    y_proba[-2, 1] = y_proba[-1, 2] = 0.01  # both labels as unlikely, on an image of class 0
    often, seldom = score_labels(labels, y_proba, CONFUSION_ODDS)[-2:]
    assert 0 < often < seldom


def test_impossible_labels_come_first_where_nothing_is_confused() -> None:
    y_proba = np.eye(10)[[0, 1, 2, 2]]
    scores = score_labels(np.array([0, 1, 2, 3]), y_proba, CONFUSION_ODDS)
    assert scores.tolist() == [1, 1, 1, 0]


def test_a_label_that_those_who_learned_it_contradict_is_more_doubtful() -> None:
    y_proba = np.zeros((4, 10))
    y_proba[:, 0], y_proba[:, 1] = [0.5, 0.5, 0.9, 0.5], [0.5, 0.5, 0.1, 0.5]
    labels = np.array([0, 0, 0, 1])
    learned = np.zeros((2, 10))
    learned[:, :2] = [[0.2, 0.8], [0.9, 0.1]]
    before = score_labels(labels, y_proba, CONFUSION_ODDS)
    after = score_with_learned(labels, y_proba, np.array([0, 1]), learned)
    # Class 0 is confused with 1 alone, so the odds are those of the two probabilities; their
    # logarithms are averaged, those of the networks that learned the image half as heavily.
    odds = np.array([(0.2 / 0.8) ** (1 / 3), (0.9 / 0.1) ** (1 / 3)])
    assert after[:2] == pytest.approx(odds / (1 + odds))
    assert after[2:] == pytest.approx(before[2:])
    assert after.dtype == np.float32


def test_candidates_are_the_most_doubtful_training_images() -> None:
    y_proba = np.zeros((4, 10))
    y_proba[:, 0], y_proba[:, 1] = [0.5, 0.9, 0.4, 0.1], [0.5, 0.1, 0.6, 0.9]
    assert rank_candidates(np.array([0, 0, 0, 1]), y_proba, 3).tolist() == [2, 0, 1]


@pytest.mark.slow
def test_planted_flips_come_first_by_recorded_probabilities() -> None:
    """The validation predictions of ``compact``, for 6,000 images not used in training."""
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
