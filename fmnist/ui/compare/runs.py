"""The runs of the Compare page, and the metrics shared by its views."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.comparison import choose_best, is_trial
from fmnist.comparison.facts import Measured, measure_run
from fmnist.comparison.pair import EvaluatedRun, RunPair, compare_runs, load_evaluated_run
from fmnist.runs import Run, RunSummary
from fmnist.ui.shell.resources import get_speeds
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.shell.url import read_parameter


def list_comparable(summaries: Sequence[RunSummary]) -> list[Run]:
    """Return the finished runs: those on the best one's test set first, itself last.

    Trials of studies, of which there may be hundreds, are omitted unless the URL names them.
    """
    named = {read_parameter("a"), read_parameter("b")}
    finished = [summary for summary in summaries if summary.report is not None]
    own = [s for s in finished if not is_trial(s) or s.run_id in named]
    best = choose_best(own)

    def rank(summary: RunSummary) -> tuple[bool, bool]:
        return summary is best, _find_test_set(summary) != _find_test_set(best)

    return [s.run for s in sorted(own, key=rank)]


def _find_test_set(summary: RunSummary | None) -> str | None:
    report = summary.report if summary else None
    return report.data.get("test") if report else None


def choose_pair(runs: Sequence[Run]) -> tuple[Run, Run]:
    """Draw the two run pickers and return runs A and B; by default, B is the best.

    Args:
        runs: at least two, from ``list_comparable``.
    """
    first, second = st.columns(2)
    with first:
        a = render_run_picker(runs, key="compare_a", label="Run A: compare against", parameter="a")
    with second:
        b = render_run_picker([runs[-1], *runs[:-1]], key="compare_b", label="Run B", parameter="b")
    return a, b


def load_pair(a: Run, b: Run) -> RunPair:
    """Compare two runs; cached.

    Raises:
        RunError: one kept no predictions, or they were tested on different items.
    """
    return _compare(a, b, *(_identify(run) for run in (a, b)))


# Not st.cache_data, which would copy all predictions on each rerun; they are never modified.
@st.cache_resource(max_entries=8, show_spinner="Comparing the runs…")
def _compare(_a: Run, _b: Run, key_a: str, key_b: str) -> RunPair:  # noqa: ARG001
    return compare_runs(_a, _b)


def measure(run: EvaluatedRun) -> Measured:
    """Compute the other metrics of a run; cached."""
    return _measure(run, _identify(run.run), get_speeds().find(run.run, run.report))


@st.cache_resource(max_entries=16, show_spinner=False)
def _measure(_run: EvaluatedRun, key: str, milliseconds: float | None) -> Measured:  # noqa: ARG001
    return measure_run(_run, milliseconds)


def load_more(runs: Sequence[Run]) -> list[EvaluatedRun]:
    """Read the predictions of further runs.

    Raises:
        RunError: one kept no predictions.
    """
    return [load_evaluated_run(run) for run in runs]


def _identify(run: Run) -> str:
    """Return a text that changes when a run of the same name is trained again."""
    report = run.load_report()
    return f"{run.path} {report.created if report else ''}"
