"""The CSV files of an evaluation, and what each of their columns holds."""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.metrics import Summary
from fmnist.evaluation.mistakes import ITEM_COLUMNS

METRICS: Final[dict[str, str]] = {
    "n_items": "number of test images",
    "n_correct": "number of images classified correctly",
    "accuracy": "n_correct / n_items, 0 to 1",
    "accuracy_low": "lower end of the accuracy's 95% Wilson interval",
    "accuracy_high": "upper end of that interval",
    "macro_precision": "mean precision of the classes",
    "macro_recall": "mean recall of the classes (balanced accuracy)",
    "macro_f1": "mean F1 of the classes",
    "log_loss": "mean of -ln(probability of the true class), in nats",
    "calibration_error": "expected calibration error in ten bins of confidence, 0 to 1",
    "n_mistakes": "number of misclassified images",
}
"""Rows of the metrics file, in order, and what each value is."""

CSV_COLUMNS: Final[dict[str, dict[str, str]]] = {
    "metrics": {"metric": "name of the metric", "value": "its value"},
    "classes": {
        "class": "name of the class",
        "precision": "share of the images predicted as the class that belong to it, 0 to 1",
        "recall": "share of the images of the class that were predicted as it, 0 to 1",
        "f1": "harmonic mean of precision and recall, 0 to 1",
        "support": "number of images of the class",
        "predicted": "number of images predicted as the class",
    },
    "confusion": {
        "true \\ predicted": "name of the true class",
        **{name: f"number of images predicted as {name}" for name in CLASS_NAMES},
    },
    "mistakes": ITEM_COLUMNS,
    "predictions": ITEM_COLUMNS,
}
"""Columns of each CSV file, in order, and what each holds. Shares are between 0 and 1."""


def build_metrics_table(summary: Summary) -> pd.DataFrame:
    """Return one row per metric of ``METRICS``: columns ``metric`` and ``value``."""
    values = {**dataclasses.asdict(summary), "n_mistakes": summary.n_mistakes}
    return pd.DataFrame({"metric": list(values), "value": list(values.values())}, dtype=object)


def build_confusion_table(counts: npt.NDArray[np.integer | np.floating]) -> pd.DataFrame:
    """Label the rows (true class) and columns (predicted class) of a matrix (10, 10)."""
    return pd.DataFrame(
        counts, index=pd.Index(CLASS_NAMES, name="true \\ predicted"), columns=list(CLASS_NAMES)
    )
