"""The items behind the figures: one row an image, picked by cell, ranked, filtered and paged."""

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
"""How items can be ranked: the order's name, then its column and whether it ascends."""


def build_item_table(y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]) -> pd.DataFrame:
    """Build one row an item, in the order of the predictions.

    Args:
        y_true: integers (n,), labels 0..9.
        y_proba: float (n, 10), probabilities 0..1.

    Returns:
        n rows: ``index`` (0-based place in the split), ``true_label`` and ``predicted_label``
        (0..9), ``true_class`` and ``predicted_class`` (names), ``correct``, ``confidence`` (the
        highest probability), ``margin`` (the highest less that of the true class; 0 where
        correct), then ten columns ``p_<class name>``.

    Raises:
        RunError: no items, or arrays that don't belong together.
    """
    check_predictions(y_true, y_proba)
    rows = np.arange(len(y_true))
    y_pred = y_proba.argmax(axis=1)
    names = np.array(CLASS_NAMES)
    confidence = y_proba.max(axis=1)
    columns = {
        "index": rows,
        "true_label": y_true.astype(np.int64),
        "predicted_label": y_pred,
        "true_class": names[y_true],
        "predicted_class": names[y_pred],
        "correct": y_pred == y_true,
        "confidence": confidence,
        "margin": confidence - y_proba[rows, y_true],
    }
    probabilities = dict(zip(PROBABILITY_COLUMNS, y_proba.T, strict=True))
    return pd.DataFrame(columns | probabilities)


def select_cell(items: pd.DataFrame, true_label: int, predicted_label: int) -> pd.DataFrame:
    """Return the items of one cell of the confusion matrix, the most confident first.

    Args:
        items: as ``build_item_table`` returns it.
        true_label: the row, 0..9.
        predicted_label: the column, 0..9; the same label picks correct items.
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
    """Return the wrongly judged items, filtered and ranked.

    Args:
        items: as ``build_item_table`` returns it.
        true_label: only items of this class, 0..9; None for all.
        predicted_label: only items taken for this class, 0..9; None for all.
        order: a key of ``ORDERS``.

    Raises:
        RunError: an order that doesn't exist.
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
    # Ties fall back on the data set's order, so that a page shows the same items every time.
    ranked = items.sort_values([column, "index"], ascending=[ascending, True])
    return ranked.reset_index(drop=True)


def compute_page_count(n_items: int, page_size: int) -> int:
    """Return how many pages ``n_items`` fill: at least 1, so that an empty list has a page too."""
    return max(1, -(-n_items // page_size))


def select_page(items: pd.DataFrame, page: int, page_size: int) -> pd.DataFrame:
    """Return one page of items.

    Args:
        items: in the order to be paged.
        page: 1-based; a page outside the range is taken as the nearest one that exists.
        page_size: items on a page, at least 1.
    """
    page = min(max(page, 1), compute_page_count(len(items), page_size))
    return items.iloc[(page - 1) * page_size : page * page_size].reset_index(drop=True)


def get_probabilities(items: pd.DataFrame, row: int) -> npt.NDArray[np.floating]:
    """Return the ten probabilities of the item in ``row`` (0-based): float (10,), label order."""
    probabilities: npt.NDArray[np.floating] = items.loc[row, list(PROBABILITY_COLUMNS)].to_numpy(
        dtype=np.float64
    )
    return probabilities
