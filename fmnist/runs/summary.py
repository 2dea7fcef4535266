"""A summary of a run, as tables of runs show it, read from its small files.

The summary of a run that has ended is kept until one of these files changes: with ten thousand runs
it is the difference between seconds and a tenth of that for each page that lists them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from cachetools import LRUCache

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs.file_cache import Signature, is_settled, sign_file
from fmnist.runs.layout import RunFile
from fmnist.runs.notes import Notes, load_notes
from fmnist.runs.records import Report
from fmnist.runs.run import Columns, Run
from fmnist.runs.state import RunState

_Value = TypeVar("_Value")

_FILES: Final = (
    RunFile.REPORT,
    RunFile.NOTES,
    RunFile.LAUNCH,
    RunFile.STATUS,
    RunFile.HISTORY,
    RunFile.STOP,
)
"""What a summary is read from, besides the recipe, which ``Run`` holds."""

_ENDED: Final = frozenset({RunState.FINISHED, RunState.STOPPED, RunState.FAILED})
"""States that these files alone decide; the others depend on a process or on the time."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run without its weights, predictions and steps.

    Attributes:
        run: the run.
        state: its state.
        report: its result, or None unless it is finished and its report can be read.
        notes: a person's notes about it.
        epochs_run: epochs completed.
        validation_accuracy: accuracy of the best epoch so far, 0 to 1, or None before the first and
            if nothing is validated.
        seconds: training time so far, or None if unknown.
        problem: which of its files can't be read and the remedy, or None.
    """

    run: Run
    state: RunState
    report: Report | None
    notes: Notes
    epochs_run: int
    validation_accuracy: float | None
    seconds: float | None
    problem: str | None

    @property
    def run_id(self) -> str:
        """The run's name."""
        return self.run.run_id

    @property
    def test_accuracy(self) -> float | None:
        """Accuracy on the test set, 0 to 1, or None unless the run is finished."""
        return None if self.report is None else self.report.test["accuracy"]

    @property
    def is_demo(self) -> bool:
        """Whether it was tested on the demo set; its accuracy says little about the real one."""
        return self.report is not None and self.report.data_name == "demo set"

    @property
    def label(self) -> str:
        """The state, or ``damaged`` for a run with a file that can't be read."""
        return (RunState.DAMAGED if self.problem is not None else self.state).value


_summaries: LRUCache[str, tuple[tuple[Signature | None, ...], RunSummary]] = LRUCache(
    settings.CACHED_SUMMARIES
)
_lock = threading.Lock()


def load_summary(run: Run) -> RunSummary:
    """Return the summary of a run; a file that can't be read becomes its ``problem``."""
    path = str(run.path)
    signature = tuple(sign_file(f"{path}/{name}") for name in _FILES)
    with _lock:
        kept = _summaries.get(path)
    if kept is not None and kept[0] == signature:
        return kept[1] if kept[1].run == run else replace(kept[1], run=run)
    summary = _read_summary(run)
    is_over = summary.state in _ENDED and summary.problem is None
    if is_over and all(is_settled(found) for found in signature if found is not None):
        with _lock:
            _summaries[path] = signature, summary
    return summary


def _read_summary(run: Run) -> RunSummary:
    problems = [run.damage] if run.damage else []

    def read(load: Callable[[], _Value], otherwise: _Value) -> _Value:
        try:
            return load()
        except RunError as error:
            problems.append(str(error))
            return otherwise

    report = read(run.load_report, None)
    notes = read(lambda: load_notes(run), Notes())
    read(run.load_launch, None)
    status = read(run.load_status, None)
    no_history: Columns = {}
    history = read(run.load_history, no_history)
    accuracies = history.get("val_accuracy", np.empty(0))
    best: float | None
    seconds: float | None
    if report is not None:
        epochs_run, seconds = report.epochs_run, report.seconds
        best = report.validation_accuracy
    else:
        epochs_run = len(history.get("epoch", ()))
        best = float(accuracies.max()) if len(accuracies) else None
        seconds = status.seconds if status is not None else None
    return RunSummary(
        run=run,
        state=run.load_state(),
        report=report,
        notes=notes,
        epochs_run=epochs_run,
        validation_accuracy=best,
        seconds=seconds,
        problem=problems[0] if problems else None,
    )
