"""Metrics against hand-made cases, scikit-learn and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import (
    balanced_accuracy_score,
    confusion_matrix,
    log_loss,
    precision_recall_fscore_support,
)

from fmnist.classes import CLASS_NAMES
from fmnist.errors import FmnistError
from fmnist.evaluation.metrics import (
    CONFIDENCE_LEVEL,
    compute_class_table,
    compute_confusion,
    compute_reliability,
    compute_row_shares,
    compute_summary,
    compute_wilson_interval,
    find_confusions,
)


def one_hot(labels: list[int], confidence: float = 1.0) -> np.ndarray:
    proba = np.full((len(labels), 10), (1 - confidence) / 9, np.float32)
    proba[np.arange(len(labels)), labels] = confidence
    return proba


def random_predictions(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 10, n).astype(np.uint8), rng.dirichlet(np.ones(10), n).astype(np.float32)


def test_wilson_interval_is_the_published_one() -> None:
    # 81 of 263: Newcombe, "Two-sided confidence intervals for the single proportion", 1998.
    assert compute_wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert compute_wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("n", [1, 7, 10_000])
def test_wilson_interval_stays_within_0_and_1(n: int) -> None:
    assert compute_wilson_interval(0, n)[0] == pytest.approx(0, abs=1e-12)
    assert compute_wilson_interval(n, n)[1] == pytest.approx(1, abs=1e-12)
    assert compute_wilson_interval(n, n)[1] <= 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_proportion_and_is_that_of_scipy(counts: tuple[int, int]) -> None:
    low, high = compute_wilson_interval(*counts)
    assert 0 <= low <= counts[0] / counts[1] + 1e-12
    assert counts[0] / counts[1] - 1e-12 <= high <= 1
    expected = binomtest(*counts).proportion_ci(CONFIDENCE_LEVEL, method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(("n_correct", "n_items"), [(0, 0), (3, 2), (-1, 2)])
def test_wilson_interval_refuses_impossible_counts(n_correct: int, n_items: int) -> None:
    with pytest.raises(FmnistError, match="not a proportion"):
        compute_wilson_interval(n_correct, n_items)


def test_confusion_counts_true_by_predicted() -> None:
    counts = compute_confusion(np.array([6, 6, 0, 9], np.uint8), np.array([0, 6, 0, 9]))
    assert counts.shape == (10, 10)
    assert counts.sum() == 4
    assert (counts[6, 0], counts[6, 6], counts[0, 0], counts[0, 6]) == (1, 1, 1, 0)


def test_row_shares_of_an_empty_row_are_0() -> None:
    counts = np.zeros((10, 10), np.int64)
    counts[2] = [0, 1, 3, 0, 0, 0, 0, 0, 0, 0]
    shares = compute_row_shares(counts)
    assert shares[2].tolist() == [0, 0.25, 0.75, 0, 0, 0, 0, 0, 0, 0]
    assert shares.sum() == 1


@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    y_true, y_proba = random_predictions(300, seed)
    y_pred = y_proba.argmax(axis=1)
    counts = compute_confusion(y_true, y_pred)
    assert np.array_equal(counts, confusion_matrix(y_true, y_pred, labels=range(10)))
    table = compute_class_table(counts)
    expected = precision_recall_fscore_support(y_true, y_pred, labels=range(10), zero_division=0)
    for column, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        assert table[column].to_numpy() == pytest.approx(values)
    summary = compute_summary(y_true, y_proba)
    assert summary.macro_f1 == pytest.approx(expected[2].mean())
    assert summary.macro_recall == pytest.approx(balanced_accuracy_score(y_true, y_pred))
    proba = y_proba.astype(float) / y_proba.sum(axis=1, keepdims=True, dtype=float)
    assert summary.log_loss == pytest.approx(log_loss(y_true, proba, labels=range(10)), rel=1e-4)


def test_class_never_predicted_and_class_without_items() -> None:
    table = compute_class_table(
        compute_confusion(np.array([0, 0, 1]), np.array([0, 2, 2])),
    )
    assert list(table.index) == list(CLASS_NAMES)
    assert table.loc["Trouser", ["precision", "recall", "f1", "support"]].tolist() == [0, 0, 0, 1]
    assert table.loc["Pullover", "precision"] == 0
    assert np.isnan(table.loc["Pullover", ["recall", "f1"]].to_numpy(float)).all()
    assert table.loc["T-shirt/top", ["precision", "recall"]].tolist() == [1, 0.5]
    assert table.loc["T-shirt/top", "f1"] == pytest.approx(2 / 3)


def test_summary_averages_over_classes_with_items_only() -> None:
    summary = compute_summary(np.array([0, 0, 1]), one_hot([0, 2, 2]))
    assert summary.n_mistakes == 2
    assert summary.accuracy == pytest.approx(1 / 3)
    assert summary.macro_recall == pytest.approx(0.25)
    assert summary.macro_precision == pytest.approx(0.5)
    assert summary.macro_f1 == pytest.approx(1 / 3)


def test_perfect_predictions() -> None:
    summary = compute_summary(np.arange(10), one_hot(list(range(10))))
    assert summary.accuracy == summary.macro_f1 == 1
    assert summary.n_mistakes == 0
    assert summary.log_loss == 0
    assert summary.calibration_error == 0
    assert summary.accuracy_low < 1


def test_log_loss_of_a_zero_probability_is_finite() -> None:
    summary = compute_summary(np.array([1]), one_hot([0]))
    assert summary.log_loss == pytest.approx(-np.log(1e-7))


def test_reliability_bins_are_closed_above_and_empty_ones_left_out() -> None:
    y_proba = np.concatenate([one_hot([0, 0], 0.5), one_hot([0, 1], 1.0), one_hot([3], 0.95)])
    table = compute_reliability(np.array([0, 1, 0, 0, 3]), y_proba)
    assert table["high"].tolist() == [0.5, 1.0]
    assert table["items"].tolist() == [2, 3]
    assert table["accuracy"].tolist() == pytest.approx([0.5, 2 / 3])
    assert table["confidence"].tolist() == pytest.approx([0.5, 2.95 / 3])
    summary = compute_summary(np.array([0, 1, 0, 0, 3]), y_proba)
    assert summary.calibration_error == pytest.approx(0.95 / 5)


@pytest.mark.parametrize(
    ("y_true", "y_proba", "words"),
    [
        (np.empty(0, np.uint8), np.empty((0, 10)), "no predictions"),
        (np.array([1, 2]), one_hot([1]), r"\(1, 10\)"),
        (np.array([1]), np.ones((1, 9)), r"\(1, 9\)"),
        (np.array([10]), one_hot([1]), "10 to 10"),
        (np.array([-1]), one_hot([1]), "-1 to -1"),
        (np.array([1, 2]), one_hot([1, 2]) * [[1], [np.nan]], "item 1 are not finite"),
    ],
)
def test_predictions_that_can_not_be_judged(
    y_true: np.ndarray, y_proba: np.ndarray, words: str
) -> None:
    with pytest.raises(FmnistError, match=words):
        compute_summary(y_true, y_proba)


def test_the_fullest_wrong_cells_come_first_and_empty_ones_not() -> None:
    counts = np.diag(np.full(10, 90))
    counts[6, 0], counts[2, 4], counts[4, 2] = 5, 9, 5
    assert find_confusions(counts, 2) == [(2, 4, 9), (4, 2, 5)]
    assert find_confusions(counts, 9) == [(2, 4, 9), (4, 2, 5), (6, 0, 5)]
