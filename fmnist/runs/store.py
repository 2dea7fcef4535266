"""Run directories below the models folder: create, list, open."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.errors import RecipeError, RunError
from fmnist.runs.files import load_columns, load_json, sync_folder, write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.migration import migrate_report
from fmnist.runs.processes import is_alive
from fmnist.runs.recipe import Recipe
from fmnist.runs.records import Launch, Predictions, Report
from fmnist.runs.state import Listener, RunState, decide_state
from fmnist.runs.status import Status

STUDY_OWNER: Final = "study "
"""The owner of a run that a study started is this and the study's name."""

_LISTENER: Final = Listener()

_RUN_ID: Final = re.compile(r"\w[\w .+-]{0,79}")
"""One folder below the models folder: no path, and nothing hidden, which is never listed."""

_MAX_NAME_BYTES: Final = 240
"""File systems allow 255 bytes, and a deleted run's folder may get a number at its end."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run directory; every method reads the disk, so nothing goes stale.

    Attributes:
        path: the directory.
        recipe: what was asked for; it never changes.
        created: seconds since the epoch when the run was asked for, or 0 if unknown.
        owner: who asked for it, as the page or command gave it.
    """

    path: Path
    recipe: Recipe
    created: float = 0.0
    owner: str = ""

    @property
    def run_id(self) -> str:
        """The directory's name, which is the run's name everywhere."""
        return self.path.name

    @property
    def study(self) -> str:
        """Name of the study that the run is a trial or a repeat of, empty for a run of its own."""
        is_trial = self.owner.startswith(STUDY_OWNER)
        return self.owner.removeprefix(STUDY_OWNER) if is_trial else ""

    @property
    def model_path(self) -> Path | None:
        """Path of ``model.keras``, or None before there is one."""
        path = self.path / RunFile.MODEL
        return path if path.is_file() else None

    @property
    def report_path(self) -> Path:
        """Path of ``report.json``, whose presence means finished."""
        return self.path / RunFile.REPORT

    @property
    def is_stop_requested(self) -> bool:
        """Whether the file ``stop`` is there."""
        return (self.path / RunFile.STOP).exists()

    def request_stop(self) -> None:
        """Ask the worker to stop after the current batch; a queued run is not started."""
        try:
            (self.path / RunFile.STOP).touch()
        except OSError as error:
            raise RunError(f"{self.path} can't be written to: {error}.") from error

    def load_status(self) -> Status | None:
        """Read the status that the worker last wrote, or None before the first."""
        return Status.load(self.path / RunFile.STATUS)

    def load_launch(self) -> Launch | None:
        """Read which worker process was started last, or None where none was."""
        return Launch.load(self.path / RunFile.LAUNCH)

    def load_state(self) -> RunState:
        """Decide the state from the files, the process and how long it has been silent."""
        if self.report_path.is_file():
            return RunState.FINISHED
        try:
            launch, status = self.load_launch(), self.load_status()
        except RunError:  # after a full disk, for example; resuming writes both records again
            return RunState.LOST
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

    def load_report(self) -> Report | None:
        """Read the result, or None unless the run is finished."""
        values = load_json(self.report_path)
        if values is None:
            return None
        return Report.from_dict(migrate_report(values), self.report_path)

    def load_predictions(self) -> Predictions | None:
        """Read the stored probabilities, or None where there are none."""
        path = self.path / RunFile.PREDICTIONS
        return Predictions.load(path) if path.is_file() else None

    def load_history(self) -> dict[str, NDArray[np.float64]]:
        """Read one value an epoch for each column, such as ``loss`` and ``val_accuracy``."""
        return load_columns(self.path / RunFile.HISTORY)

    def load_steps(self) -> dict[str, NDArray[np.float64]]:
        """Read one value every few batches for each column, such as ``step`` and ``loss``."""
        return load_columns(self.path / RunFile.STEPS)

    def load_log(self, lines: int = 200) -> str:
        """Return the last lines of the worker's output, empty where there is none."""
        try:
            text = (self.path / RunFile.LOG).read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def check_run_id(run_id: str) -> None:
    """Check that a new run can have this name.

    Raises:
        RunError: it has characters that are not allowed, is too long, or is taken; the message
            says which.
    """
    if not _RUN_ID.fullmatch(run_id) or run_id[-1] in ". ":
        raise RunError(
            f"{run_id!r} can't be the name of a run. Use up to 80 letters, digits, spaces and the "
            "characters . _ + -, with a letter or digit first and no space or dot last."
        )
    if len(run_id.encode()) > _MAX_NAME_BYTES:
        raise RunError(f"{run_id!r} is too long for the name of a run. Use a shorter one.")
    path = settings.models_dir() / run_id
    if path.exists():
        raise RunError(f"A run named {run_id} exists in {path.parent}. Choose another name.")


def create_run(recipe: Recipe, *, run_id: str | None = None, owner: str = "") -> Run:
    """Make a new run directory with its recipe, queued.

    Args:
        recipe: what to train.
        run_id: its name; without one, network, date and four random letters.
        owner: who asked for it.

    Raises:
        RunError: the name is not allowed or taken, or the models folder can't be written.
    """
    now = time.time()
    if run_id is None:
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
        run_id = f"{recipe.network}-{stamp}-{secrets.token_hex(2)}"
    check_run_id(run_id)
    path = settings.models_dir() / run_id
    try:
        path.mkdir(parents=True)
        sync_folder(path.parent)
        write_json(path / RunFile.RECIPE, {**recipe.to_dict(), "created": now, "owner": owner})
    except FileExistsError as error:
        raise RunError(
            f"A run named {run_id} exists in {path.parent}. Choose another name."
        ) from error
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)  # so that the name is free once there is room
        raise RunError(
            f"{path} can't be written: {error}. Free space or set FMNIST_MODELS."
        ) from error
    return Run(path, recipe, now, owner)


def open_run(run_id: str) -> Run:
    """Return the run of that name.

    Raises:
        RunError: there is no such run, or its recipe can't be read.
    """
    path = settings.models_dir() / run_id
    values = load_json(path / RunFile.RECIPE) if _RUN_ID.fullmatch(run_id) else None
    if values is None:
        raise RunError(f"There is no run named {run_id!r} in {settings.models_dir()}.")
    try:
        created = float(values.pop("created", 0.0))
        owner = str(values.pop("owner", ""))
        return Run(path, Recipe.from_dict(values), created, owner)
    except (RecipeError, TypeError, ValueError) as error:
        raise RunError(f"{path / RunFile.RECIPE} can't be used: {error}") from error


def list_runs() -> list[Run]:
    """Return all readable runs, newest first; directories that are no runs are skipped."""
    runs = []
    for recipe_path in settings.models_dir().glob(f"[!.]*/{RunFile.RECIPE}"):
        try:
            runs.append(open_run(recipe_path.parent.name))
        except RunError:
            continue
    return sorted(runs, key=lambda run: (-run.created, run.run_id))
