from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.explore.balance import (
    build_balance_table,
    compute_imbalance,
    count_classes,
    describe_balance,
)


def make_labels(train, test):
    return SimpleNamespace(
        y_train=np.array(train, dtype=np.uint8), y_test=np.array(test, dtype=np.uint8)
    )


def test_counts_every_class_even_absent_ones():
    assert count_classes(np.array([9, 0, 9], dtype=np.uint8)).tolist() == [1] + [0] * 8 + [2]


@pytest.mark.parametrize(
    ("counts", "ratio"), [([4] * 10, 1.0), ([8] + [2] * 9, 4.0), ([1] * 9 + [0], math.inf)]
)
def test_imbalance_is_largest_by_smallest(counts, ratio):
    assert compute_imbalance(np.array(counts)) == ratio


def test_imbalance_of_nothing_is_not_a_number():
    assert math.isnan(compute_imbalance(np.zeros(10, dtype=np.int64)))


def test_table_has_counts_and_shares_of_both_splits():
    table = build_balance_table(make_labels(list(range(10)) * 3, [0, 0, 1, 9]))
    assert table["train"].tolist() == [3] * 10
    assert table["train_share"].tolist() == pytest.approx([0.1] * 10)
    assert table["test"].tolist() == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert table["test_share"].sum() == pytest.approx(1)
    assert table["total"].sum() == 34
    assert table["class"][9] == "Ankle boot"


def test_an_empty_split_has_shares_of_zero():
    table = build_balance_table(make_labels(range(10), []))
    assert table["test_share"].tolist() == [0] * 10


@pytest.mark.parametrize(
    ("train", "test", "part"),
    [
        (list(range(10)) * 6, list(range(10)), "exactly 7 images"),
        (list(range(10)) * 6, list(range(10)), "Both splits have the same class shares"),
        ([*range(10), 3, 3], [], "Dress has the most images (3)"),
        (range(9), [], "No images of Ankle boot"),
        ([], [], "no images"),
    ],
)
def test_sentence_follows_the_counts(train, test, part):
    assert part in describe_balance(build_balance_table(make_labels(list(train), list(test))))
