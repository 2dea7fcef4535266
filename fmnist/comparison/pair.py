"""Two or more finished runs that were tested on the same items."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.comparison.paired import (
    PairedResult,
    adjust_holm,
    compute_class_changes,
    compute_paired,
)
from fmnist.comparison.seeds import SeedStatistics, group_seeds
from fmnist.errors import RunError
from fmnist.evaluation.metrics import check_predictions, compute_confusion
from fmnist.runs import Predictions, Report, Run, RunSummary


@dataclass(frozen=True)
class EvaluatedRun:
    """A finished run with its predictions for the test set.

    Attributes:
        run: the run.
        report: its result.
        predictions: its stored probabilities.
    """

    run: Run
    report: Report
    predictions: Predictions

    @property
    def run_id(self) -> str:
        """The run's name."""
        return self.run.run_id

    @property
    def y_pred(self) -> npt.NDArray[np.int64]:
        """Predicted labels of the test set, int64 ``(n,)``."""
        return np.asarray(self.predictions.test_proba.argmax(axis=1), np.int64)

    @property
    def is_right(self) -> npt.NDArray[np.bool_]:
        """Whether each test item is classified correctly, ``(n,)``."""
        return np.equal(self.y_pred, self.predictions.test_true)


def load_evaluated_run(run: Run) -> EvaluatedRun:
    """Read the result and the predictions of a run.

    Raises:
        RunError: it is not finished, or its predictions are missing or can't be used.
    """
    report, predictions = run.load_report(), run.load_predictions()
    if report is None or predictions is None:
        raise RunError(
            f"{run.run_id} has no stored predictions, so it can't be compared. Finish it with "
            f"`python -m fmnist train --resume {run.run_id}`, or train it again."
        )
    check_predictions(predictions.test_true, predictions.test_proba)
    return EvaluatedRun(run, report, predictions)


def check_same_items(runs: Sequence[EvaluatedRun]) -> None:
    """Check that runs were tested on the same items with the same labels.

    Raises:
        RunError: two of them were not; the message names them.
    """
    first = runs[0]
    for other in runs[1:]:
        ours, theirs = first.predictions, other.predictions
        if ours.test_fingerprint != theirs.test_fingerprint or not np.array_equal(
            ours.test_true, theirs.test_true
        ):
            raise RunError(
                f"{first.run_id} and {other.run_id} were tested on different items "
                f"({len(ours.test_true):,} images of {first.report.data_name} and "
                f"{len(theirs.test_true):,} of {other.report.data_name}), so they can't be "
                "compared. Choose runs of the same data set, or train one of them again."
            )


@dataclass(frozen=True)
class RunPair:
    """Two runs, A and B, on the same test items.

    Attributes:
        a: the run that is compared against.
        b: the other one.
        result: how often each is right, with the test and the interval.
        classes: the same by class, from ``compute_class_changes``.
        agreement: int64 (10, 10), items by predicted class of A (row) and of B (column).
    """

    a: EvaluatedRun
    b: EvaluatedRun
    result: PairedResult
    classes: pd.DataFrame
    agreement: npt.NDArray[np.int64]

    @property
    def y_true(self) -> npt.NDArray[Any]:
        """Labels of the test items, ``(n,)``."""
        return self.a.predictions.test_true

    @property
    def items(self) -> pd.DataFrame:
        """One row per test item.

        ``index``, ``true_label``, the labels ``label_a`` and ``label_b`` that the runs predict,
        their confidences ``confidence_a`` and ``confidence_b`` (0 to 1), and whether they are
        correct: ``right_a``, ``right_b``.
        """
        proba_a, proba_b = self.a.predictions.test_proba, self.b.predictions.test_proba
        return pd.DataFrame(
            {
                "index": np.arange(len(self.y_true)),
                "true_label": self.y_true.astype(np.int64),
                "label_a": self.a.y_pred,
                "label_b": self.b.y_pred,
                "confidence_a": proba_a.max(axis=1),
                "confidence_b": proba_b.max(axis=1),
                "right_a": self.a.is_right,
                "right_b": self.b.is_right,
            }
        )


def compare_runs(a: Run, b: Run) -> RunPair:
    """Compare run B with run A on the test items of both.

    Raises:
        RunError: one is not finished, or they were tested on different items.
    """
    first, second = load_evaluated_run(a), load_evaluated_run(b)
    check_same_items([first, second])
    y_true = first.predictions.test_true
    return RunPair(
        a=first,
        b=second,
        result=compute_paired(first.is_right, second.is_right),
        classes=compute_class_changes(y_true, first.is_right, second.is_right),
        agreement=compute_confusion(first.y_pred, second.y_pred),
    )


def build_pairwise_table(runs: Sequence[EvaluatedRun]) -> pd.DataFrame:
    """Compare each run with each other one.

    Args:
        runs: at least two, tested on the same items.

    Returns:
        One row per pair: names ``a`` and ``b``, ``fixed``, ``broken``, ``difference`` with
        ``low`` and ``high`` (-1..1), ``p_value``, and ``p_adjusted`` by Holm's method for the
        number of pairs. The intervals are not adjusted.

    Raises:
        RunError: they were tested on different items.
    """
    check_same_items(runs)
    rows = []
    for a, b in itertools.combinations(runs, 2):
        result = compute_paired(a.is_right, b.is_right)
        rows.append(
            {
                "a": a.run_id,
                "b": b.run_id,
                "fixed": result.fixed,
                "broken": result.broken,
                "difference": result.difference,
                "low": result.low,
                "high": result.high,
                "p_value": result.p_value,
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(p_adjusted=adjust_holm(list(table["p_value"])))


def find_seed_spread(run_id: str, summaries: Sequence[RunSummary]) -> SeedStatistics | None:
    """Return the spread of the test accuracy over the seeds of a run's recipe, None if unknown.

    Args:
        run_id: name of the run.
        summaries: all runs, searched for repeats of the recipe.
    """
    for group in group_seeds(summaries):
        if any(summary.run_id == run_id for summary in group.runs):
            return group.test
    return None
