"""All metrics, tables and items of one set of predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.evaluation.metrics import (
    Summary,
    compute_class_table,
    compute_confusion,
    compute_reliability,
    compute_row_shares,
    compute_summary,
)
from fmnist.evaluation.mistakes import build_item_table


@dataclass(frozen=True)
class Evaluation:
    """The metrics, tables and items of one set of predictions.

    Attributes:
        summary: the single numbers.
        classes: scores by class, from ``compute_class_table``.
        counts: int64 (10, 10), the confusion matrix.
        shares: float64 (10, 10), the confusion matrix normalised over the true class, 0 to 1.
        reliability: confidence and accuracy, from ``compute_reliability``.
        items: one row per image, from ``build_item_table``.
    """

    summary: Summary
    classes: pd.DataFrame
    counts: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    reliability: pd.DataFrame
    items: pd.DataFrame

    @property
    def worst_cell(self) -> tuple[int, int]:
        """(true label, predicted label) of the most frequent mistake."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        true_label, predicted_label = np.unravel_index(int(wrong.argmax()), wrong.shape)
        return int(true_label), int(predicted_label)


def compute_evaluation(y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]) -> Evaluation:
    """Compute all metrics, tables and items of one set of predictions.

    Args:
        y_true: integers (n,), labels 0 to 9.
        y_proba: float (n, 10), probabilities 0 to 1.

    Raises:
        RunError: there are no items, or the arrays do not match.
    """
    summary = compute_summary(y_true, y_proba)
    counts = compute_confusion(y_true, y_proba.argmax(axis=1))
    return Evaluation(
        summary=summary,
        classes=compute_class_table(counts),
        counts=counts,
        shares=compute_row_shares(counts),
        reliability=compute_reliability(y_true, y_proba),
        items=build_item_table(y_true, y_proba),
    )
