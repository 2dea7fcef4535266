"""Split-conformal prediction: sets of classes that contain the true one as often as promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fmnist.classes import N_CLASSES

LEVELS: Final = (0.9, 0.95, 0.99)
"""Shares of the images whose set is to contain the true class."""


@dataclass(frozen=True)
class ConformalSets:
    """Prediction sets of one level, measured on images that they were not fitted to.

    Attributes:
        level: share of the images whose set is to contain the true class, 0 to 1.
        threshold: probability from which on a class belongs to the set.
        coverage: share of the test images whose set contains the true class, 0 to 1.
        sizes: int64 (11,), number of test images by the number of classes in their set, 0 to 10.
        class_coverage: float64 (10,), coverage by true class; NaN for a class without images.
    """

    level: float
    threshold: float
    coverage: float
    sizes: npt.NDArray[np.int64]
    class_coverage: npt.NDArray[np.float64]

    @property
    def mean_size(self) -> float:
        """Mean number of classes in a set."""
        return float(self.sizes @ np.arange(len(self.sizes)) / self.sizes.sum())


def fit_threshold(
    y_true: npt.NDArray[Any], y_proba: npt.NDArray[np.floating], level: float
) -> float:
    """Return the probability from which on a class belongs to the prediction set.

    Of the validation images, at least ``level`` (rounded up for their number) give their true
    class as much. A new image of the same distribution then has its class in the set with at least
    that probability. Source: Sadinle, Lei & Wasserman, "Least Ambiguous Set-Valued Classifiers with
    Bounded Error Levels", JASA 114 (2019); Angelopoulos & Bates, arXiv:2107.07511.

    Args:
        y_true: integers (n,), labels of images that were not trained on.
        y_proba: float (n, 10), probabilities 0 to 1.
        level: between 0 and 1.

    Returns:
        0 to 1; 0 where there are too few images for the level: every class belongs to every set.
    """
    n_items = len(y_true)
    rank = int(np.ceil((n_items + 1) * level))
    if rank > n_items:
        return 0.0
    true_proba = np.sort(y_proba[np.arange(n_items), y_true])[::-1]
    return float(true_proba[rank - 1])


def compute_conformal_sets(
    val: tuple[npt.NDArray[Any], npt.NDArray[np.floating]],
    test: tuple[npt.NDArray[Any], npt.NDArray[np.floating]],
    level: float,
) -> ConformalSets:
    """Fit the threshold on validation images and measure the sets on test images.

    Args:
        val: labels (n,) and probabilities (n, 10) of the validation images.
        test: likewise of the test images, at least one.
        level: between 0 and 1.
    """
    threshold = fit_threshold(*val, level)
    y_true, y_proba = test
    inside = y_proba >= threshold
    is_covered = inside[np.arange(len(y_true)), y_true]
    support = np.bincount(y_true, minlength=N_CLASSES)
    covered = np.bincount(y_true, weights=is_covered, minlength=N_CLASSES)
    return ConformalSets(
        level=level,
        threshold=threshold,
        coverage=float(is_covered.mean()),
        sizes=np.bincount(inside.sum(axis=1), minlength=N_CLASSES + 1).astype(np.int64),
        class_coverage=np.where(support > 0, covered / np.maximum(support, 1), np.nan),
    )
