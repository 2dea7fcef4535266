"""McNemar's test, the interval of a difference and Holm's correction against SciPy and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm

from fmnist.comparison.paired import (
    adjust_holm,
    compute_class_changes,
    compute_difference_interval,
    compute_mcnemar_p,
    compute_paired,
)
from fmnist.evaluation.metrics import CONFIDENCE_LEVEL

COUNTS = [(0, 0), (1, 0), (0, 5), (7, 7), (3, 9), (137, 309), (40, 41), (1000, 1)]


@pytest.mark.parametrize(("fixed", "broken"), COUNTS)
def test_p_value_is_that_of_binomtest(fixed: int, broken: int) -> None:
    expected = 1.0 if fixed + broken == 0 else binomtest(fixed, fixed + broken).pvalue
    assert compute_mcnemar_p(fixed, broken) == pytest.approx(expected, rel=1e-9)
    assert compute_mcnemar_p(broken, fixed) == compute_mcnemar_p(fixed, broken)


def test_counts_are_those_of_the_table_by_hand() -> None:
    a = np.array([1, 1, 1, 0, 0, 0, 0, 1], bool)
    b = np.array([1, 1, 0, 1, 1, 1, 0, 1], bool)
    result = compute_paired(a, b)
    assert (result.both_right, result.fixed, result.broken, result.both_wrong) == (3, 3, 1, 1)
    assert (result.n_items, result.accuracy_a, result.accuracy_b) == (8, 0.5, 0.75)
    assert result.difference == 0.25
    assert result.p_value == 0.625  # (1 + 4 + 4 + 1) / 16


def test_interval_by_hand() -> None:
    # Bonett & Price: (13/102, 4/102), 9/102 ± 1.96 √((17/102 − (9/102)²)/102)
    low, high = compute_difference_interval(12, 3, 100)
    half = norm.ppf((1 + CONFIDENCE_LEVEL) / 2) * np.sqrt((17 / 102 - (9 / 102) ** 2) / 102)
    assert (low, high) == pytest.approx((9 / 102 - half, 9 / 102 + half))
    low, high = compute_difference_interval(0, 0, 50)
    assert low < 0 < high


def test_interval_covers_the_true_difference_in_about_95_of_100_samples() -> None:
    rng = np.random.default_rng(0)
    shares = [0.80, 0.08, 0.05, 0.07]  # both right, fixed, broken, both wrong
    hits = 0
    for counts in rng.multinomial(300, shares, size=2000):
        low, high = compute_difference_interval(int(counts[1]), int(counts[2]), 300)
        hits += low <= 0.03 <= high
    assert 0.935 <= hits / 2000 <= 0.965


def test_holm_by_hand() -> None:
    assert adjust_holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert adjust_holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert adjust_holm([0.02]) == [0.02]


def test_classes_without_items_have_no_row_and_p_values_are_adjusted() -> None:
    y_true = np.repeat([0, 3], 20)
    a = np.zeros(40, bool)
    b = np.r_[np.ones(8, bool), np.zeros(32, bool)]
    table = compute_class_changes(y_true, a, b)
    assert list(table.index) == ["T-shirt/top", "Dress"]
    assert list(table["fixed"]) == [8, 0]
    assert table["recall_b"].tolist() == [0.4, 0.0]
    assert table["p_value"].tolist() == pytest.approx([2 * 2 * 0.5**8, 1.0])
