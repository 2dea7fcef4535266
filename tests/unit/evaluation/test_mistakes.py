"""Items: their columns, which are selected, in which order, on which page."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.errors import FmnistError
from fmnist.evaluation.mistakes import (
    ORDERS,
    build_item_table,
    compute_page_count,
    get_probabilities,
    select_cell,
    select_mistakes,
    select_page,
)


@pytest.fixture
def items() -> pd.DataFrame:
    # true, predicted, confidence, probability of the true class
    cases = [
        (6, 0, 0.6, 0.3),
        (6, 6, 0.9, 0.9),
        (6, 0, 0.8, 0.1),
        (0, 6, 0.5, 0.45),
        (9, 7, 0.8, 0.2),
    ]
    y_proba = np.zeros((len(cases), 10), np.float32)
    for row, (true, predicted, confidence, given_to_true) in enumerate(cases):
        y_proba[row, true] = given_to_true
        y_proba[row, predicted] = confidence
    return build_item_table(np.array([case[0] for case in cases], np.uint8), y_proba)


def test_item_table_has_a_row_an_item(items: pd.DataFrame) -> None:
    assert items["index"].tolist() == [0, 1, 2, 3, 4]
    assert items["correct"].tolist() == [False, True, False, False, False]
    first = items.iloc[0]
    assert (first["true_class"], first["predicted_class"]) == ("Shirt", "T-shirt/top")
    assert first["p_Shirt"] == pytest.approx(0.3)


def test_margin_is_the_highest_probability_minus_the_second_highest() -> None:
    y_proba = np.zeros((3, 10), np.float32)
    y_proba[0, [0, 1, 2]] = [0.5, 0.375, 0.125]  # correct
    y_proba[1, [0, 1, 2]] = [0.5, 0.375, 0.125]  # wrong; the true class is the third
    y_proba[2, [3, 4]] = 0.5  # a tie
    table = build_item_table(np.array([0, 2, 3], np.uint8), y_proba)
    assert table["margin"].tolist() == [0.125, 0.125, 0]
    assert table["confidence"].tolist() == [0.5, 0.5, 0.5]


def test_cell_holds_its_very_items_most_confident_first(items: pd.DataFrame) -> None:
    assert select_cell(items, 6, 0)["index"].tolist() == [2, 0]
    assert select_cell(items, 6, 6)["index"].tolist() == [1]
    assert select_cell(items, 7, 9).empty


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("Most confident first", [2, 4, 0, 3]),
        ("Least confident first", [3, 0, 2, 4]),
        ("Closest call first", [3, 0, 4, 2]),
        ("In the data set's order", [0, 2, 3, 4]),
    ],
)
def test_mistakes_are_ranked(items: pd.DataFrame, order: str, expected: list[int]) -> None:
    assert select_mistakes(items, order=order)["index"].tolist() == expected
    assert order in ORDERS


def test_mistakes_are_filtered(items: pd.DataFrame) -> None:
    assert select_mistakes(items, true_label=6)["index"].tolist() == [2, 0]
    assert select_mistakes(items, predicted_label=6)["index"].tolist() == [3]
    assert select_mistakes(items, true_label=9, predicted_label=7)["index"].tolist() == [4]
    assert select_mistakes(items, true_label=6, predicted_label=6).empty


def test_unknown_order_names_the_known_ones(items: pd.DataFrame) -> None:
    with pytest.raises(FmnistError, match="Closest call first"):
        select_mistakes(items, order="by colour")


def test_empty_predictions_are_refused() -> None:
    with pytest.raises(FmnistError, match="no predictions"):
        build_item_table(np.empty(0, np.uint8), np.empty((0, 10), np.float32))


def test_probabilities_of_a_row_are_in_label_order(items: pd.DataFrame) -> None:
    proba = get_probabilities(select_cell(items, 6, 0), 0)
    assert proba.shape == (10,)
    assert proba[[0, 6]] == pytest.approx([0.8, 0.1])
    assert proba.sum() == pytest.approx(0.9)


@given(n_items=st.integers(0, 200), page_size=st.integers(1, 50))
def test_pages_cover_every_item_once(n_items: int, page_size: int) -> None:
    frame = pd.DataFrame({"index": range(n_items)})
    pages = compute_page_count(n_items, page_size)
    parts = [select_page(frame, page, page_size)["index"].tolist() for page in range(1, pages + 1)]
    assert list(itertools.chain(*parts)) == list(range(n_items))
    assert all(len(part) == page_size for part in parts[:-1])


def test_page_outside_the_range_is_the_nearest() -> None:
    frame = pd.DataFrame({"index": range(5)})
    assert select_page(frame, 99, 2)["index"].tolist() == [4]
    assert select_page(frame, 0, 2)["index"].tolist() == [0, 1]
