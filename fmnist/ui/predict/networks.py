"""The networks available for prediction, and the default one."""

from __future__ import annotations

from typing import Final

from fmnist.comparison import choose_best
from fmnist.runs import Run, list_runs, load_summary

DEFAULT_RUN: Final = "outside"
WHY_DEFAULT: Final = (
    "`outside` comes first: it is trained with changed backgrounds, light and strokes, and is "
    "right more often on real photos and drawings than the others, which are better on the test "
    "set. docs/results.md has the figures."
)


def list_networks() -> list[Run]:
    """Return the runs that have a network: the default first, unfinished runs last."""
    runs = [run for run in list_runs() if run.has_model]
    best = choose_best([load_summary(run) for run in runs])
    best_id = best.run_id if best else None

    def rank(run: Run) -> tuple[bool, bool, bool]:
        return run.run_id != DEFAULT_RUN, run.run_id != best_id, not run.report_path.is_file()

    return sorted(runs, key=rank)
