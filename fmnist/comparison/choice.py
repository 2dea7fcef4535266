"""Choose which runs a page shows first, and which it hides."""

from __future__ import annotations

from collections.abc import Iterable

from fmnist.runs import Run, RunSummary


def is_trial(run: Run | RunSummary) -> bool:
    """Return whether a study started the run: a trial of a sweep, or a repeat with another seed."""
    return bool((run.run if isinstance(run, RunSummary) else run).study)


def choose_best(summaries: Iterable[RunSummary]) -> RunSummary | None:
    """Return the finished run with the best validation accuracy, or None if no run is finished.

    A run outside studies goes before the trials of studies, which are short, and a run on
    Fashion-MNIST before one on the demo set, whose accuracy is not comparable. The test accuracy is
    not used: choosing by it would make it optimistic. The newer of two equal runs is returned.

    Args:
        summaries: any runs; those that are not finished or can't be read are skipped.
    """
    finished = [s for s in summaries if s.report is not None and s.problem is None]
    return max(finished, key=_rank, default=None)


def _rank(summary: RunSummary) -> tuple[bool, bool, float, float]:
    accuracy = summary.validation_accuracy
    return (
        not is_trial(summary),
        not summary.is_demo,
        -1.0 if accuracy is None else accuracy,
        summary.run.created,
    )
