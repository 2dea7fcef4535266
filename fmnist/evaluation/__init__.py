"""Computes figures, tables and mistakes from a run's stored predictions.

Pure functions of ``y_true`` (n,) and ``y_proba`` (n, 10); they never run a network.
"""

from fmnist.evaluation.evaluate import Evaluation, compute_evaluation
from fmnist.evaluation.export import (
    CSV_COLUMNS,
    METRICS,
    build_confusion_table,
    build_metrics_table,
)
from fmnist.evaluation.metrics import (
    Summary,
    compute_class_table,
    compute_confusion,
    compute_reliability,
    compute_row_shares,
    compute_summary,
    compute_wilson_interval,
)
from fmnist.evaluation.mistakes import (
    ORDERS,
    build_item_table,
    compute_page_count,
    get_probabilities,
    select_cell,
    select_mistakes,
    select_page,
)

__all__ = [
    "CSV_COLUMNS",
    "METRICS",
    "ORDERS",
    "Evaluation",
    "Summary",
    "build_confusion_table",
    "build_item_table",
    "build_metrics_table",
    "compute_class_table",
    "compute_confusion",
    "compute_evaluation",
    "compute_page_count",
    "compute_reliability",
    "compute_row_shares",
    "compute_summary",
    "compute_wilson_interval",
    "get_probabilities",
    "select_cell",
    "select_mistakes",
    "select_page",
]
