"""The reports of a worker to other processes (status, steps, history), and stop requests."""

from __future__ import annotations

import csv
import io
import signal
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from fmnist.errors import RunError
from fmnist.runs import Phase, Run, Status
from fmnist.runs.files import encode_json, write_bytes_atomically, write_json
from fmnist.runs.layout import HISTORY_COLUMNS, STEP_COLUMNS, RunFile
from fmnist.training.estimate import TimeEstimate, Work

STATUS_SECONDS: Final = 0.5
"""How often, at most, the status is replaced."""


class StopRequestedError(Exception):
    """A stop was requested; raised between two batches."""


class RunGoneError(Exception):
    """The run directory was deleted, or replaced by another one."""


class Reporter:
    """The one writer of ``status.json``, ``steps.csv`` and ``history.csv`` of a run.

    It writes into the directory that it began with: once that is deleted, each call that writes
    raises ``RunGoneError``, so that nothing of the run comes back.

    Attributes:
        status: as last reported; the file may be half a second behind.
        estimate: fills in ``seconds_left`` and ``share``; None until the run's work is known.
    """

    def __init__(self, run: Run, attempt: str, epochs: int) -> None:
        self._run = run
        self._stop_signal = False
        self._written = float("-inf")
        self._identity = _identify(run)
        self._mark = self._counted = time.monotonic()
        self._phase_seconds: defaultdict[str, float] = defaultdict(float)
        self._done, self._total = 0, 0
        self.estimate: TimeEstimate | None = None
        self.status = Status("running", Phase.STARTING, attempt, epochs=epochs)

    def listen(self) -> None:
        """Treat SIGTERM and Ctrl-C as stop requests, like the file ``stop``."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)

    def _on_signal(self, *_: object) -> None:
        self._stop_signal = True

    def check_stop(self) -> None:
        """Raise ``StopRequestedError`` if a stop was requested."""
        if self._stop_signal or self._run.is_stop_requested:
            raise StopRequestedError

    def update(self, *, now: bool = False, **changes: Any) -> None:
        """Change fields of the status; the file follows at most twice a second unless ``now``."""
        clock = time.monotonic()
        self._phase_seconds[self.status.phase] += clock - self._counted
        self._counted = clock
        changes = {"phase_seconds": dict(self._phase_seconds), **changes}
        if self.estimate is not None:
            left, share = self.estimate.seconds_left, self.estimate.progress
            changes = {"seconds_left": left, "share": share, **changes}
        self.status = replace(self.status, heartbeat=time.time(), **changes)
        if now or clock - self._written >= STATUS_SECONDS:
            self._check_place()
            # Not worth waiting for the disk: after a power cut no worker runs,
            # whatever the status says.
            write_json(self._run.path / RunFile.STATUS, self.status.to_dict(), durable=False)
            self._written = clock

    def conclude(self, state: str, error: str | None = None) -> None:
        """Report how the run ended, even on a full disk without space for a new file."""
        try:
            self.update(
                now=True,
                state=state,
                phase=state,
                error=error,
                detail="",
                phase_progress=None,
                seconds_left=None,
                share=1.0 if state == "finished" else self.status.share,
            )
        except OSError:
            with suppress(OSError), (self._run.path / RunFile.STATUS).open("rb+") as file:
                file.write(encode_json(self.status.to_dict()))
                file.truncate()

    def enter(self, phase: Phase, total: int = 0) -> None:
        """Report the start of a phase immediately, and end here on a stop request.

        Args:
            phase: the new phase.
            total: its total work, in the units of ``count``; 0 if unknown.
        """
        self._mark, self._done, self._total = time.monotonic(), 0, total
        share = 0.0 if total else None
        self.update(now=True, phase=phase, detail="", phase_progress=share)
        self.check_stop()

    def show_progress(self, share: float, detail: str) -> None:
        """Report how much of a phase without an estimate is done; end here on a stop."""
        self.update(phase_progress=share, detail=detail)
        self.check_stop()

    def count(self, kind: Work, units: int = 1, *, now: bool = False, **changes: Any) -> None:
        """Report work done since the last call or ``enter``; end here if a stop was requested."""
        clock = time.monotonic()
        self._done += units
        if self.estimate is not None:
            self.estimate.add(kind, units, clock - self._mark)
        self._mark = clock
        if self._total:
            changes["phase_progress"] = min(1.0, self._done / self._total)
        self.update(now=now, **changes)
        self.check_stop()

    def add_step(self, row: dict[str, float]) -> None:
        """Add a row to the live curve."""
        self._check_place()
        _append_row(self._run.path / RunFile.STEPS, STEP_COLUMNS, row)

    def add_epoch(self, row: dict[str, float]) -> None:
        """Add a row to the history."""
        self._check_place()
        rows = _rows(self._run.load_history(), tuple(row))
        _write_rows(self._run.path / RunFile.HISTORY, tuple(row), [*rows, _values(row)])

    def _check_place(self) -> None:
        if self._identity is None or _identify(self._run) != self._identity:
            raise RunGoneError(f"{self._run.path} was deleted.")

    def forget_after(self, epoch: int) -> None:
        """Drop the reports of an interrupted worker after the last completed epoch."""
        is_validated = self._run.recipe.validation_share > 0
        history = [name for name in HISTORY_COLUMNS if is_validated or name[:4] != "val_"]
        for name, columns, load in (
            (RunFile.HISTORY, history, self._run.load_history),
            (RunFile.STEPS, STEP_COLUMNS, self._run.load_steps),
        ):
            at = columns.index("epoch")
            try:
                rows = _rows(load(), columns)
            except (RunError, KeyError):  # damaged: a curve with a gap is better than no run
                rows = []
            kept = [row for row in rows if float(row[at]) <= epoch]
            _write_rows(self._run.path / name, columns, kept)


def _identify(run: Run) -> tuple[int, int] | None:
    """Return the identity of the recipe file, which never changes; None once it is gone."""
    try:
        found = (run.path / RunFile.RECIPE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _values(row: dict[str, float]) -> list[str]:
    return [f"{row[name]:.9g}" for name in row]


def _rows(table: dict[str, Any], columns: Sequence[str]) -> list[list[str]]:
    if not table:
        return []
    return [
        [f"{value:.9g}" for value in row]
        for row in zip(*(table[name] for name in columns), strict=True)
    ]


def _append_row(path: Path, columns: Sequence[str], row: dict[str, float]) -> None:
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(columns)
        writer.writerow([f"{row[name]:.9g}" for name in columns])


def _write_rows(path: Path, columns: Sequence[str], rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    write_bytes_atomically(path, buffer.getvalue().encode())
