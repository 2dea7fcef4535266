"""Creates, lists and opens study directories in the models folder."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from fmnist import settings
from fmnist.errors import RecipeError, RunError
from fmnist.runs import Run, open_run
from fmnist.runs.files import load_json, write_json
from fmnist.runs.layout import STUDIES_FOLDER, RunFile
from fmnist.runs.processes import is_alive
from fmnist.runs.run import STUDY_OWNER
from fmnist.runs.state import LOST_AFTER_SECONDS, Listener
from fmnist.study.layout import StudyFile
from fmnist.study.plan import REPEAT, StudyPlan
from fmnist.study.state import StudyState, decide_repeat_state, decide_sweep_state
from fmnist.study.status import ControllerStatus

_LISTENER: Final = Listener()

_NAME: Final = re.compile(r"\w[\w .+-]{0,59}")
"""Shorter than the limit for run names, which append a number."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study directory; every method reads the disk, so nothing becomes stale.

    Attributes:
        path: the directory.
        plan: the plan of its runs.
        created: time of the request, in seconds since the epoch.
        owner: the person who requested it.
    """

    path: Path
    plan: StudyPlan
    created: float = 0.0
    owner: str = ""

    @property
    def name(self) -> str:
        """The directory's name, the prefix of its runs' names."""
        return self.path.name

    @property
    def run_owner(self) -> str:
        """The owner of its runs, from which ``Run.study`` derives the study."""
        return f"{STUDY_OWNER}{self.name}"

    @property
    def journal_path(self) -> Path:
        """The path of Optuna's journal, with the trials of a sweep."""
        return self.path / StudyFile.JOURNAL

    @property
    def status_path(self) -> Path:
        """The path of the controller's status."""
        return self.path / StudyFile.STATUS

    @property
    def is_stop_requested(self) -> bool:
        """Whether the file ``stop`` exists."""
        return (self.path / StudyFile.STOP).exists()

    @property
    def is_queued(self) -> bool:
        """Whether all runs of a repeat have been queued."""
        return (self.path / StudyFile.QUEUED).exists()

    def name_run(self, number: int) -> str:
        """Return the name of the run of a trial, numbered from 0, or of a seed."""
        part = f"seed{number}" if self.plan.kind == REPEAT else f"t{number + 1:03d}"
        return f"{self.name}-{part}"

    def find_run(self, number: int) -> Run | None:
        """Return the run of a trial or seed, or None if there is none."""
        try:
            return open_run(self.name_run(number))
        except RunError:
            return None

    def remove_shell(self, number: int) -> None:
        """Remove the directory of an incompletely created run, which has no recipe."""
        path = settings.models_dir() / self.name_run(number)
        if not (path / RunFile.RECIPE).exists():
            shutil.rmtree(path, ignore_errors=True)

    def list_runs(self) -> list[Run]:
        """Return the existing runs of the study, in order."""
        repeat = self.plan.kind == REPEAT
        own = re.compile(rf"{re.escape(self.name)}-{'seed' if repeat else 't'}(\d+)")
        paths = settings.models_dir().glob(f"{self.name}-*/{RunFile.RECIPE}")
        # The prefix is not enough: study "a" shares it with a study "a-t1".
        numbers = sorted(
            int(match[1]) for path in paths if (match := own.fullmatch(path.parent.name))
        )
        runs = [self.find_run(number if repeat else number - 1) for number in numbers]
        return [run for run in runs if run is not None]

    def load_status(self) -> ControllerStatus | None:
        """Read the controller's latest status; None if it can't be read.

        A damaged file is no loss, because the next controller reads the progress from the journal.
        """
        try:
            return ControllerStatus.load(self.status_path)
        except RunError:
            return None

    def save_status(self, status: ControllerStatus) -> None:
        """Replace the controller's status."""
        write_json(self.status_path, status.to_dict())

    def load_state(self) -> StudyState:
        """Determine the state from files, processes and the time since their last sign of life."""
        if self.plan.kind == REPEAT:
            states = [run.load_state() for run in self.list_runs()]
            return decide_repeat_state(
                states, queued=self.is_queued, has_stop=self.is_stop_requested
            )
        status = self.load_status()
        return decide_sweep_state(
            outcome=None if status is None else status.outcome,
            has_stop=self.is_stop_requested,
            alive=status is not None and self._is_controller_alive(status),
        )

    def _is_controller_alive(self, status: ControllerStatus) -> bool:
        sign = (status.process, status.heartbeat)
        silence = _LISTENER.compute_silence(str(self.path), sign, time.monotonic())
        alive = is_alive(status.process)
        return silence < LOST_AFTER_SECONDS if alive is None else alive

    def save(self) -> None:
        """Store the plan."""
        values: dict[str, Any] = self.plan.to_dict()
        write_json(
            self.path / StudyFile.PLAN, {**values, "created": self.created, "owner": self.owner}
        )


def studies_dir() -> Path:
    """Return the folder of the study directories, inside the models folder."""
    return settings.models_dir() / STUDIES_FOLDER


def create_study(plan: StudyPlan, *, name: str | None = None, owner: str = "") -> Study:
    """Create a new study directory.

    Args:
        plan: the runs to train.
        name: its name; by default, network, kind, date and four random letters.
        owner: the person who requested it.

    Raises:
        RunError: the name is not allowed, a study or runs of that name exist, or the folder can't
            be written.
    """
    now = time.time()
    if name is None:
        stamp = datetime.fromtimestamp(now, UTC).strftime("%m%d-%H%M")
        name = f"{plan.recipe.network}-{plan.kind}-{stamp}-{secrets.token_hex(2)}"
    if not _NAME.fullmatch(name):
        raise RunError(
            f"{name!r} can't be the name of a study. Use up to 60 letters, digits, spaces and the "
            "characters . _ + -, with a letter or digit first."
        )
    study = Study(studies_dir() / name, plan, now, owner)
    if study.list_runs():
        raise RunError(
            f"There are already runs whose names begin with {name}. Choose another name."
        )
    try:
        study.path.mkdir(parents=True)
        study.save()
    except FileExistsError as error:
        raise RunError(f"A study named {name} exists. Choose another name.") from error
    except OSError as error:
        raise RunError(
            f"{study.path} can't be written: {error}. Free space or set FMNIST_MODELS."
        ) from error
    return study


def open_study(name: str) -> Study:
    """Return the study of that name.

    Raises:
        RunError: there is no such study, or its plan can't be read.
    """
    path = studies_dir() / name
    values = load_json(path / StudyFile.PLAN) if _NAME.fullmatch(name) else None
    if values is None:
        raise RunError(f"There is no study named {name!r} in {studies_dir()}.")
    try:
        created, owner = float(values.pop("created", 0.0)), str(values.pop("owner", ""))
        return Study(path, StudyPlan.from_dict(values), created, owner)
    except (RecipeError, TypeError, ValueError) as error:
        raise RunError(f"{path / StudyFile.PLAN} can't be used: {error}") from error


def list_studies() -> list[Study]:
    """Return all readable studies, newest first."""
    studies = []
    for path in studies_dir().glob(f"[!.]*/{StudyFile.PLAN}"):
        try:
            studies.append(open_study(path.parent.name))
        except RunError:
            continue
    return sorted(studies, key=lambda study: (-study.created, study.name))
