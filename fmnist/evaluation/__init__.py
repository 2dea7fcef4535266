"""What a run's stored predictions say: figures, tables, mistakes; and how runs compare.

Pure functions of ``y_true`` (n,) and ``y_proba`` (n, 10), or of runs in brief; no network is
needed and none is run.
"""

from fmnist.evaluation.compare import (
    DIFFERS,
    RUN_ORDERS,
    build_curve_table,
    build_recipe_table,
    build_run_table,
    format_run_csv,
    select_runs,
)
from fmnist.evaluation.evaluate import Evaluation, compute_evaluation
from fmnist.evaluation.export import build_confusion_table, build_metrics_table, format_csv
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
from fmnist.evaluation.seeds import (
    SeedGroup,
    SeedStatistics,
    compute_seed_statistics,
    group_seeds,
)

__all__ = [
    "DIFFERS",
    "ORDERS",
    "RUN_ORDERS",
    "Evaluation",
    "SeedGroup",
    "SeedStatistics",
    "Summary",
    "build_confusion_table",
    "build_curve_table",
    "build_item_table",
    "build_metrics_table",
    "build_recipe_table",
    "build_run_table",
    "compute_class_table",
    "compute_confusion",
    "compute_evaluation",
    "compute_page_count",
    "compute_reliability",
    "compute_row_shares",
    "compute_seed_statistics",
    "compute_summary",
    "compute_wilson_interval",
    "format_csv",
    "format_run_csv",
    "get_probabilities",
    "group_seeds",
    "select_cell",
    "select_mistakes",
    "select_page",
    "select_runs",
]
