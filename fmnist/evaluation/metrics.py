"""Metrics: accuracy with its interval, scores by class, confusion matrix, calibration.

The definitions are scikit-learn's and SciPy's, and the tests compare every metric with theirs. The
formulas are written out because Evaluate computes them when it opens: importing ``sklearn.metrics``
and ``scipy.stats`` there takes 0.9 s of processor time and 48 MB, the formulas take 9 ms and 6 MB
the first time and 2 ms after that (10,000 predictions; ``docs/decisions/0013-metrics.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.errors import RunError

CONFIDENCE_LEVEL: Final = 0.95
"""Confidence level of every interval; the texts beside them say 95 %."""

NORMAL_QUANTILE: Final = NormalDist().inv_cdf((1 + CONFIDENCE_LEVEL) / 2)
"""The standard normal quantile of a two-sided interval of that level."""

SMALLEST_PROBABILITY: Final = 1e-7
"""Lower limit of a probability in the log loss: Keras' epsilon, as in a run's report."""

N_BINS: Final = 10
"""Number of bins of the reliability diagram."""


@dataclass(frozen=True)
class Summary:
    """The scalar metrics of one set of predictions.

    Attributes:
        n_items: number of classified images.
        n_correct: number of images whose true class has the highest probability.
        accuracy: n_correct / n_items, 0 to 1.
        accuracy_low: lower end of the accuracy's 95 % Wilson interval.
        accuracy_high: upper end of that interval.
        macro_precision: mean over the classes that have items; 0 for a class never predicted.
        macro_recall: mean over the classes that have items; also called balanced accuracy.
        macro_f1: mean over the classes that have items.
        log_loss: mean of -ln(probability of the true class), in nats.
        calibration_error: expected calibration error, 0 to 1.
    """

    n_items: int
    n_correct: int
    accuracy: float
    accuracy_low: float
    accuracy_high: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    log_loss: float
    calibration_error: float

    @property
    def n_mistakes(self) -> int:
        """Number of misclassified images."""
        return self.n_items - self.n_correct


def compute_summary(y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]) -> Summary:
    """Compute the scalar metrics of one set of predictions.

    Args:
        y_true: integers (n,), labels 0 to 9.
        y_proba: float (n, 10), probabilities 0 to 1.

    Raises:
        RunError: there are no items, or the arrays do not match.
    """
    check_predictions(y_true, y_proba)
    y_pred = y_proba.argmax(axis=1)
    n_items = len(y_true)
    n_correct = int(np.count_nonzero(y_pred == y_true))
    low, high = compute_wilson_interval(n_correct, n_items)
    scores = compute_class_table(compute_confusion(y_true, y_pred))
    macro = scores.loc[scores["support"] > 0, ["precision", "recall", "f1"]].mean()
    true_proba = y_proba[np.arange(n_items), y_true].astype(np.float64)
    reliability = compute_reliability(y_true, y_proba)
    gaps = (reliability["accuracy"] - reliability["confidence"]).abs()
    return Summary(
        n_items=n_items,
        n_correct=n_correct,
        accuracy=n_correct / n_items,
        accuracy_low=low,
        accuracy_high=high,
        macro_precision=float(macro["precision"]),
        macro_recall=float(macro["recall"]),
        macro_f1=float(macro["f1"]),
        log_loss=float(-np.log(np.clip(true_proba, SMALLEST_PROBABILITY, 1.0)).mean()),
        calibration_error=float((gaps * reliability["items"]).sum() / n_items),
    )


def compute_wilson_interval(
    n_correct: int, n_items: int, z: float = NORMAL_QUANTILE
) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion, both ends within 0 to 1.

    It keeps its coverage near 0 and 1, where the textbook p ± z·√(p(1-p)/n) does not.
    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    J. Am. Stat. Assoc. 22 (1927); recommended by Brown, Cai & DasGupta, Statist. Sci. 16 (2001).

    Args:
        n_correct: successes, 0..n_items.
        n_items: trials, at least 1.
        z: standard normal quantile, by default that of ``CONFIDENCE_LEVEL``.

    Raises:
        RunError: there are no trials, or more successes than trials.
    """
    if not 0 <= n_correct <= n_items or n_items == 0:
        raise RunError(
            f"{n_correct} correct of {n_items} is not a proportion: "
            "an interval needs at least one item and at most as many correct ones as items."
        )
    share = n_correct / n_items
    denominator = 1 + z**2 / n_items
    centre = (share + z**2 / (2 * n_items)) / denominator
    half = z * np.sqrt(share * (1 - share) / n_items + z**2 / (4 * n_items**2)) / denominator
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def compute_class_table(counts: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Compute precision, recall and F1 of each class, as scikit-learn defines them.

    Args:
        counts: int64 (10, 10), a confusion matrix from ``compute_confusion``.

    Returns:
        Ten rows in label order, indexed by class name: ``precision``, ``recall``, ``f1`` (0 to 1),
        ``support`` (items of the class), ``predicted`` (items predicted as the class). A class
        that is never predicted has precision 0; a class without items has recall and F1 NaN.
    """
    correct = counts.diagonal()
    support = counts.sum(axis=1)
    predicted = counts.sum(axis=0)
    recall = np.where(support > 0, correct / np.maximum(support, 1), np.nan)
    # F1, the harmonic mean, as 2·correct / (support + predicted): no 0/0 when both scores are 0.
    f1 = np.where(support > 0, 2 * correct / np.maximum(support + predicted, 1), np.nan)
    return pd.DataFrame(
        {
            "precision": correct / np.maximum(predicted, 1),
            "recall": recall,
            "f1": f1,
            "support": support,
            "predicted": predicted,
        },
        index=pd.Index(CLASS_NAMES, name="class"),
    )


def compute_confusion(y_true: npt.NDArray[Any], y_pred: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Count items by true class (row) and predicted class (column): int64 (10, 10)."""
    cells = y_true.astype(np.int64) * N_CLASSES + y_pred
    counts = np.bincount(cells, minlength=N_CLASSES**2).astype(np.int64)
    return counts.reshape(N_CLASSES, N_CLASSES)


class Confusion(NamedTuple):
    """A cell of the confusion matrix: ``n_items`` of class ``true`` taken for another."""

    true: int
    predicted: int
    n_items: int


def find_confusions(counts: npt.NDArray[np.int64], n: int) -> list[Confusion]:
    """Return the fullest cells beside the diagonal of a confusion matrix, at most n, none empty."""
    wrong = counts * ~np.eye(len(counts), dtype=bool)
    order = np.argsort(-wrong, axis=None, kind="stable")[:n]
    cells = zip(*np.unravel_index(order, wrong.shape), strict=True)
    return [Confusion(int(t), int(p), int(wrong[t, p])) for t, p in cells if wrong[t, p]]


def compute_row_shares(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Divide each row of a confusion matrix by its sum: float64 (10, 10); an empty row stays 0."""
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.asarray(counts / totals, dtype=np.float64)


def compute_reliability(
    y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating], n_bins: int = N_BINS
) -> pd.DataFrame:
    """Compare confidence with accuracy, bin by bin.

    The size-weighted mean of the gaps is the expected calibration error. Source: Guo, Pleiss,
    Sun & Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.

    Args:
        y_true: integers (n,), labels 0 to 9.
        y_proba: float (n, 10), probabilities 0 to 1; the highest one is the confidence.
        n_bins: number of bins of equal width over 0 to 1, each including its upper end.

    Returns:
        One row per bin that holds items, lowest first: ``low`` and ``high`` (its ends),
        ``confidence`` (mean), ``accuracy`` (0 to 1), ``items`` (number of items).
    """
    confidence = y_proba.max(axis=1).astype(np.float64)
    correct = y_proba.argmax(axis=1) == y_true
    bins = np.clip(np.ceil(confidence * n_bins).astype(int) - 1, 0, n_bins - 1)
    items = np.bincount(bins, minlength=n_bins)
    filled = items > 0
    counted = np.maximum(items, 1)
    table = pd.DataFrame(
        {
            "low": np.arange(n_bins) / n_bins,
            "high": np.arange(1, n_bins + 1) / n_bins,
            "confidence": np.bincount(bins, weights=confidence, minlength=n_bins) / counted,
            "accuracy": np.bincount(bins, weights=correct, minlength=n_bins) / counted,
            "items": items,
        }
    )
    return table.loc[filled].reset_index(drop=True)


def check_predictions(y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating]) -> None:
    """Raise RunError unless there are n ≥ 1 labels, 0–9, and n rows of ten finite probabilities."""
    if y_true.ndim != 1 or y_proba.shape != (len(y_true), N_CLASSES):
        raise RunError(
            f"The predictions do not match their labels: labels {y_true.shape}, probabilities "
            f"{y_proba.shape} instead of (n, {N_CLASSES}). Train the run again."
        )
    if len(y_true) == 0:
        raise RunError(
            "The run has no predictions, so there is nothing to evaluate. Train it again."
        )
    if y_true.max() >= N_CLASSES or y_true.min() < 0:
        raise RunError(
            f"The labels of the predictions range from {y_true.min()} to {y_true.max()} instead of "
            f"0 to {N_CLASSES - 1}. Train the run again."
        )
    if not np.isfinite(y_proba).all():
        row = int(np.flatnonzero(~np.isfinite(y_proba).all(axis=1))[0])
        raise RunError(
            f"The probabilities of item {row} are not finite: the training diverged. "
            "Train again with a lower learning rate."
        )
