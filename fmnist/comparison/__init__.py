"""Compare runs: a table of all, recipes side by side, curves, seeds, the best run."""

from __future__ import annotations

from fmnist.comparison.card import CARD_RUNS, build_card, format_markdown
from fmnist.comparison.choice import choose_best, is_trial
from fmnist.comparison.seeds import (
    SeedGroup,
    SeedStatistics,
    compute_seed_statistics,
    group_seeds,
)
from fmnist.comparison.tables import (
    ACCURACIES,
    DIFFERS,
    RUN_ORDERS,
    build_curve_table,
    build_recipe_table,
    build_run_table,
    format_run_csv,
    get_column,
    select_runs,
)

__all__ = [
    "ACCURACIES",
    "CARD_RUNS",
    "DIFFERS",
    "RUN_ORDERS",
    "SeedGroup",
    "SeedStatistics",
    "build_card",
    "build_curve_table",
    "build_recipe_table",
    "build_run_table",
    "choose_best",
    "compute_seed_statistics",
    "format_markdown",
    "format_run_csv",
    "get_column",
    "group_seeds",
    "is_trial",
    "select_runs",
]
