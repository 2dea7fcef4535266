"""Statistics of two classifiers on the same items: McNemar's test, interval, Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.metrics import NORMAL_QUANTILE


@dataclass(frozen=True, slots=True)
class PairedResult:
    """How often two classifiers, A and B, are right on the same items.

    Attributes:
        both_right: number of items that both classify correctly.
        fixed: number of items that only B classifies correctly.
        broken: number of items that only A classifies correctly.
        both_wrong: number of items that neither does.
        low: lower end of the 95 % interval of ``difference``.
        high: upper end.
        p_value: the two-sided p-value of McNemar's exact test.
    """

    both_right: int
    fixed: int
    broken: int
    both_wrong: int
    low: float
    high: float
    p_value: float

    @property
    def n_items(self) -> int:
        """Number of items."""
        return self.both_right + self.fixed + self.broken + self.both_wrong

    @property
    def accuracy_a(self) -> float:
        """Accuracy of A, 0 to 1."""
        return (self.both_right + self.broken) / self.n_items

    @property
    def accuracy_b(self) -> float:
        """Accuracy of B, 0 to 1."""
        return (self.both_right + self.fixed) / self.n_items

    @property
    def difference(self) -> float:
        """Accuracy of B minus that of A, -1..1."""
        return (self.fixed - self.broken) / self.n_items


def compute_paired(
    is_right_a: npt.NDArray[np.bool_], is_right_b: npt.NDArray[np.bool_]
) -> PairedResult:
    """Compare two classifiers by the items that only one of them classifies correctly.

    Args:
        is_right_a: ``(n,)``, n ≥ 1, whether A classifies the item correctly.
        is_right_b: likewise for B.
    """
    fixed = int(np.count_nonzero(is_right_b & ~is_right_a))
    broken = int(np.count_nonzero(is_right_a & ~is_right_b))
    both_right = int(np.count_nonzero(is_right_a & is_right_b))
    n_items = len(is_right_a)
    low, high = compute_difference_interval(fixed, broken, n_items)
    return PairedResult(
        both_right=both_right,
        fixed=fixed,
        broken=broken,
        both_wrong=n_items - both_right - fixed - broken,
        low=low,
        high=high,
        p_value=compute_mcnemar_p(fixed, broken),
    )


def compute_mcnemar_p(fixed: int, broken: int) -> float:
    """Return the two-sided p-value of McNemar's exact test.

    It is that of ``scipy.stats.binomtest(fixed, fixed + broken)``, to which the tests compare it;
    importing that module costs the web process 0.8 s and 49 MB. Source: McNemar, Psychometrika 12
    (1947); the exact version: Dietterich, Neural Computation 10 (1998).

    Args:
        fixed: items that only one of the classifiers gets right.
        broken: items that only the other gets right.
    """
    from scipy.special import bdtr

    # The binomial distribution with p = 1/2 is symmetric: both tails are equal.
    return min(1.0, 2 * float(bdtr(min(fixed, broken), fixed + broken, 0.5)))


def compute_difference_interval(
    fixed: int, broken: int, n_items: int, z: float = NORMAL_QUANTILE
) -> tuple[float, float]:
    """Return an interval of the difference of two accuracies on the same items, within -1..1.

    Source: Bonett & Price, "Adjusted Wald Confidence Interval for a Difference of Binomial
    Proportions Based on Paired Data", J. Educ. Behav. Stat. 37 (2012). Unlike the plain Wald
    interval, it has a width above 0 where the classifiers never differ.

    Args:
        fixed: items that only B classifies correctly.
        broken: items that only A does.
        n_items: all items, at least 1.
        z: standard normal quantile, by default that of ``CONFIDENCE_LEVEL``.
    """
    gain, loss = (fixed + 1) / (n_items + 2), (broken + 1) / (n_items + 2)
    half = z * np.sqrt((gain + loss - (gain - loss) ** 2) / (n_items + 2))
    return max(-1.0, float(gain - loss - half)), min(1.0, float(gain - loss + half))


def adjust_holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number by Holm's step-down method, in the same order.

    Rejecting those below 0.05 then has a chance of at most 5 % to reject any true hypothesis.
    Source: Holm, Scand. J. Statist. 6 (1979).
    """
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(order), 0, -1)
    stepped = np.maximum.accumulate(np.asarray(p_values, np.float64)[order] * factors)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(p) for p in adjusted]


def compute_class_changes(
    y_true: npt.NDArray[Any], is_right_a: npt.NDArray[np.bool_], is_right_b: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Compare two classifiers class by class.

    Args:
        y_true: integers (n,), labels 0 to 9.
        is_right_a: (n,), whether A classifies the item correctly.
        is_right_b: likewise for B.

    Returns:
        One row per class that has items, indexed by its name: ``support`` (items), ``recall_a``
        and ``recall_b`` (0 to 1), ``fixed``, ``broken``, ``difference`` with ``low`` and ``high``
        (-1..1), and ``p_value``, adjusted for the number of classes by Holm's method.
    """
    rows = {}
    for label, name in enumerate(CLASS_NAMES):
        inside = y_true == label
        if not inside.any():
            continue
        result = compute_paired(is_right_a[inside], is_right_b[inside])
        rows[name] = {
            "support": result.n_items,
            "recall_a": result.accuracy_a,
            "recall_b": result.accuracy_b,
            "fixed": result.fixed,
            "broken": result.broken,
            "difference": result.difference,
            "low": result.low,
            "high": result.high,
            "p_value": result.p_value,
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("class")
    return table.assign(p_value=adjust_holm(list(table["p_value"])))
