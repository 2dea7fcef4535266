"""The figures and items of a run as CSV text, for a spreadsheet or another program."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
import pandas as pd

from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.metrics import Summary


def build_metrics_table(summary: Summary) -> pd.DataFrame:
    """Name each single figure in a row of its own: columns ``metric`` and ``value``."""
    values = {**dataclasses.asdict(summary), "n_mistakes": summary.n_mistakes}
    return pd.DataFrame({"metric": list(values), "value": list(values.values())}, dtype=object)


def build_confusion_table(counts: npt.NDArray[np.integer | np.floating]) -> pd.DataFrame:
    """Name rows (true class) and columns (predicted class) of a matrix (10, 10)."""
    return pd.DataFrame(
        counts, index=pd.Index(CLASS_NAMES, name="true \\ predicted"), columns=list(CLASS_NAMES)
    )


def format_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV text: comma, dot, six decimals; an unnamed index is left out."""
    return str(table.to_csv(index=table.index.name is not None, float_format="%.6f"))
