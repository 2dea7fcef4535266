"""The images behind the metrics: one row each, selected by cell, filtered, ranked and paged."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.classes import CLASS_NAMES
from fmnist.errors import RunError
from fmnist.evaluation.metrics import check_predictions

PROBABILITY_COLUMNS: Final = tuple(f"p_{name}" for name in CLASS_NAMES)

ORDERS: Final[dict[str, tuple[str, bool]]] = {
    "Most confident first": ("confidence", False),
    "Least confident first": ("confidence", True),
    "Closest call first": ("margin", True),
    "In the data set's order": ("index", True),
}
"""Orders of the items: name → (column to sort by, whether it ascends)."""

ITEM_COLUMNS: Final[dict[str, str]] = {
    "index": "position of the image in the test set, from 0",
    "true_label": "label of the true class, 0 to 9",
    "predicted_label": "label of the class with the highest probability, 0 to 9",
    "true_class": "name of the true class",
    "predicted_class": "name of the predicted class",
    "correct": "whether both classes are the same",
    "confidence": "the highest of the ten probabilities, 0 to 1",
    "margin": "the highest probability minus the second highest, 0 to 1",
    **{column: f"probability of {column[2:]}, 0 to 1" for column in PROBABILITY_COLUMNS},
}
"""Columns of the item table, in order, and what each holds."""


def build_item_table(y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]) -> pd.DataFrame:
    """Build a table with one row per item, in the order of the predictions.

    Args:
        y_true: integers (n,), labels 0 to 9.
        y_proba: float (n, 10), probabilities 0 to 1.

    Returns:
        n rows with the columns of ``ITEM_COLUMNS``.

    Raises:
        RunError: there are no items, or the arrays do not match.
    """
    check_predictions(y_true, y_proba)
    y_pred = y_proba.argmax(axis=1)
    names = np.array(CLASS_NAMES)
    second, highest = np.partition(y_proba, -2, axis=1)[:, -2:].T
    columns = {
        "index": np.arange(len(y_true)),
        "true_label": y_true.astype(np.int64),
        "predicted_label": y_pred,
        "true_class": names[y_true],
        "predicted_class": names[y_pred],
        "correct": y_pred == y_true,
        "confidence": highest,
        "margin": highest - second,
    }
    probabilities = dict(zip(PROBABILITY_COLUMNS, y_proba.T, strict=True))
    return pd.DataFrame(columns | probabilities)


def select_cell(items: pd.DataFrame, true_label: int, predicted_label: int) -> pd.DataFrame:
    """Return the items of one cell of the confusion matrix, the most confident first.

    Args:
        items: from ``build_item_table``.
        true_label: the row, 0 to 9.
        predicted_label: the column, 0 to 9; the same label picks correct items.
    """
    inside = (items["true_label"] == true_label) & (items["predicted_label"] == predicted_label)
    return _rank(items.loc[inside], "Most confident first")


def select_mistakes(
    items: pd.DataFrame,
    *,
    true_label: int | None = None,
    predicted_label: int | None = None,
    order: str = "Most confident first",
) -> pd.DataFrame:
    """Return the misclassified items, filtered and ranked.

    Args:
        items: from ``build_item_table``.
        true_label: only items of this class, 0 to 9; None for all.
        predicted_label: only items predicted as this class, 0 to 9; None for all.
        order: a key of ``ORDERS``.

    Raises:
        RunError: there is no such order.
    """
    wanted = ~items["correct"]
    if true_label is not None:
        wanted &= items["true_label"] == true_label
    if predicted_label is not None:
        wanted &= items["predicted_label"] == predicted_label
    return _rank(items.loc[wanted], order)


def _rank(items: pd.DataFrame, order: str) -> pd.DataFrame:
    if order not in ORDERS:
        raise RunError(f"There is no order “{order}”: choose one of {', '.join(ORDERS)}.")
    column, ascending = ORDERS[order]
    # Ties are broken by the position in the test set, so that the order is always the same.
    ranked = items.sort_values([column, "index"], ascending=[ascending, True])
    return ranked.reset_index(drop=True)


def compute_page_count(n_items: int, page_size: int) -> int:
    """Return the number of pages for ``n_items``, at least 1: an empty list has one page."""
    return max(1, -(-n_items // page_size))


def select_page(items: pd.DataFrame, page: int, page_size: int) -> pd.DataFrame:
    """Return one page of items.

    Args:
        items: the sorted items.
        page: 1-based; a page outside the range is clipped to it.
        page_size: items per page, at least 1.
    """
    page = min(max(page, 1), compute_page_count(len(items), page_size))
    return items.iloc[(page - 1) * page_size : page * page_size].reset_index(drop=True)


def get_probabilities(items: pd.DataFrame, row: int) -> npt.NDArray[np.floating]:
    """Return the ten probabilities of the item in ``row`` (0-based): float (10,), label order."""
    probabilities: npt.NDArray[np.floating] = items.loc[row, list(PROBABILITY_COLUMNS)].to_numpy(
        dtype=np.float64
    )
    return probabilities
