"""One run directory: its files, its state."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.errors import RunError
from fmnist.regular_file import read_regular_file
from fmnist.runs.file_cache import read_cached
from fmnist.runs.files import load_columns
from fmnist.runs.layout import STEP_COLUMNS, RunFile
from fmnist.runs.outside import OutsideFigures
from fmnist.runs.predictions import Predictions
from fmnist.runs.processes import is_alive
from fmnist.runs.recipe import Recipe
from fmnist.runs.records import Launch, PrecisionChoice, Report
from fmnist.runs.state import Listener, RunState, decide_state
from fmnist.runs.status import Status

Columns = dict[str, NDArray[np.float64]]
"""The columns of a CSV file, by name, all of one length."""

STUDY_OWNER: Final = "study "
"""The owner of a run that a study started is this and the study's name."""

_LISTENER: Final = Listener()


@dataclass(frozen=True, slots=True)
class Run:
    """A run directory; every method reads the disk, so nothing becomes stale.

    Attributes:
        path: the directory.
        recipe: the recipe of the run; it never changes.
        created: time of the request, in seconds since the epoch; 0 if unknown.
        owner: the person who requested it, as given by the page or command.
        damage: why ``recipe.json`` can't be used, in which case ``recipe`` is meaningless;
            empty for every run that ``open_run`` returns.
    """

    path: Path
    recipe: Recipe
    created: float = 0.0
    owner: str = ""
    damage: str = ""

    @property
    def run_id(self) -> str:
        """The directory's name, which is the run's name everywhere."""
        return self.path.name

    @property
    def study(self) -> str:
        """Name of the study that the run belongs to, as a trial or a repeat; empty if none."""
        is_trial = self.owner.startswith(STUDY_OWNER)
        return self.owner.removeprefix(STUDY_OWNER) if is_trial else ""

    @property
    def model_path(self) -> Path | None:
        """Path of ``model.keras``, or None before there is one."""
        path = self.path / RunFile.MODEL
        return path if path.is_file() else None

    @property
    def onnx_path(self) -> Path | None:
        """Path of ``model.onnx``, or None if there is none."""
        path = self.path / RunFile.ONNX
        return path if path.is_file() else None

    @property
    def has_model(self) -> bool:
        """Whether it has a file that predicts; for a classical model only ``model.onnx`` counts."""
        return self.model_path is not None or self.onnx_path is not None

    @property
    def model_mb(self) -> float | None:
        """Size of the file that predicts, in MB: ``model.onnx`` or, without it, ``model.keras``."""
        path = self.onnx_path or self.model_path
        try:
            return None if path is None else path.stat().st_size / 1e6
        except OSError:  # deleted meanwhile
            return None

    @property
    def report_path(self) -> Path:
        """Path of ``report.json``, whose presence means finished."""
        return self.path / RunFile.REPORT

    @property
    def is_stop_requested(self) -> bool:
        """Whether the file ``stop`` exists."""
        return (self.path / RunFile.STOP).exists()

    def request_stop(self) -> None:
        """Request the worker to stop after the current batch; a queued run is not started."""
        try:
            (self.path / RunFile.STOP).touch()
        except OSError as error:
            raise RunError(f"{self.path} can't be written to: {error}.") from error

    def load_status(self) -> Status | None:
        """Read the latest status of the worker; None before the first."""
        return Status.load(self.path / RunFile.STATUS)

    def load_launch(self) -> Launch | None:
        """Read the latest worker process; None if none was started."""
        return Launch.load(self.path / RunFile.LAUNCH)

    def load_state(self) -> RunState:
        """Determine the state from files, the process and the time since its last sign of life."""
        if self.damage:
            return RunState.DAMAGED
        try:
            if self.load_report() is not None:
                return RunState.FINISHED
            launch, status = self.load_launch(), self.load_status()
        except RunError:
            return RunState.DAMAGED
        if launch is not None and status is not None and status.attempt != launch.attempt:
            status = None  # written by an earlier worker
        sign = (launch and launch.attempt, status and status.heartbeat)
        return decide_state(
            has_report=False,
            has_stop=self.is_stop_requested,
            launched=launch is not None,
            status=status,
            process_alive=False if launch is None else is_alive(launch),
            silence=_LISTENER.compute_silence(str(self.path), sign, time.monotonic()),
        )

    @property
    def is_resumable(self) -> bool:
        """Whether the run may be resumed: it has a recipe, and no result, readable or not.

        The worker's files may be damaged, after a full disk for example; resuming rewrites them.
        """
        return not self.damage and not self.report_path.exists()

    def load_report(self) -> Report | None:
        """Read the result, or None unless the run is finished."""
        return Report.load(self.report_path)

    def load_precision(self) -> PrecisionChoice | None:
        """Read the precision of the steps, or None before it is chosen."""
        return PrecisionChoice.load(self.path / RunFile.PRECISION)

    def load_outside_figures(self) -> OutsideFigures | None:
        """Read how often predictions for outside pictures were correct; None if not measured."""
        return OutsideFigures.load(self.path / RunFile.OUTSIDE)

    def load_predictions(self) -> Predictions | None:
        """Read the stored probabilities, or None if there are none."""
        path = self.path / RunFile.PREDICTIONS
        return Predictions.load(path) if path.exists() else None

    def load_history(self) -> Columns:
        """Read one value per epoch for each column, such as ``loss`` and ``val_accuracy``."""
        columns = ("epoch", "val_accuracy") if self.recipe.validation_share else ("epoch",)
        load = partial(load_columns, columns=columns)
        return dict(read_cached(self.path / RunFile.HISTORY, "columns", load) or {})

    def load_steps(self) -> Columns:
        """Read one value every few batches for each column, such as ``step`` and ``loss``."""
        load = partial(load_columns, columns=STEP_COLUMNS, is_finite=False)
        return dict(read_cached(self.path / RunFile.STEPS, "columns", load) or {})

    def load_log(self, lines: int = 200) -> str:
        """Return the last lines of the worker's output, empty if there is none."""
        path = self.path / RunFile.LOG
        try:
            # Not a link, which could expose any file.
            content = read_regular_file(path, settings.MAX_LOG_BYTES, follow_links=False, tail=True)
        except OSError:
            return ""
        text = content.decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])
