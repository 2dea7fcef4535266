"""Deletes and restores studies.

The trash keeps every deleted study. The latest one of a name keeps the name; earlier ones get a
number appended. Runs deleted with a study lie inside its directory, so that studies of the same
name never mix up their runs.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import FmnistError, RunError
from fmnist.runs import RunState, restore_run
from fmnist.runs.files import load_json, move_aside, write_json
from fmnist.study.layout import StudyFile
from fmnist.study.state import ACTIVE_STUDY_STATES
from fmnist.study.store import Study, open_study, studies_dir

_TRASH: Final = ".trash"


def delete_study(study: Study, *, with_runs: bool) -> None:
    """Move a study to the trash, from where ``restore_study`` restores it.

    Args:
        study: one that has ended.
        with_runs: whether its runs also go to the trash and are restored with it.

    Raises:
        RunError: the study is active, one of the runs is training, or the folder can't be written.
    """
    if study.load_state() in ACTIVE_STUDY_STATES:
        raise RunError(f"{study.name} is active. Stop it before you delete it.")
    runs = study.list_runs() if with_runs else []
    training = [r for r in runs if r.load_state() in {RunState.RUNNING, RunState.STOPPING}]
    if training:
        raise RunError(f"{training[0].run_id} is training. Stop it before you delete the study.")
    target = _trash_dir() / study.name
    folder = study.path / StudyFile.RUNS
    try:
        write_json(study.path / StudyFile.DELETED, {"name": study.name})
        folder.mkdir(exist_ok=True)
        for run in runs:
            run.path.rename(folder / run.run_id)
        target.parent.mkdir(exist_ok=True)
        move_aside(target)
        study.path.rename(target)
    except OSError as error:
        with suppress(OSError):
            _restore_runs(study.path)
        raise RunError(f"{study.name} can't be deleted: {error}.") from error


def list_deleted_studies() -> list[str]:
    """Return the names of the studies in the trash, for ``restore_study``."""
    return sorted(path.parent.name for path in _trash_dir().glob(f"*/{StudyFile.PLAN}"))


def load_deleted_owner(name: str) -> str:
    """Return the owner of a study in the trash; empty if its plan names none or is damaged.

    Raises:
        RunError: there is no study of that name in the trash.
    """
    if name not in list_deleted_studies():
        raise RunError(f"There is no study named {name!r} in the trash.")
    try:
        plan = load_json(_trash_dir() / name / StudyFile.PLAN) or {}
    except RunError:  # the others in the trash are listed anyway
        return ""
    return str(plan.get("owner", ""))


def erase_study(name: str) -> None:
    """Remove a deleted study from the disk, for good, and the runs deleted with it.

    Raises:
        RunError: it is not in the trash, or its files can't be removed.
    """
    if name not in list_deleted_studies():
        raise RunError(f"There is no study named {name!r} in the trash.")
    try:
        shutil.rmtree(_trash_dir() / name)
    except OSError as error:
        raise RunError(f"{name} can't be erased: {error}.") from error


def restore_study(name: str) -> Study:
    """Restore a deleted study under its former name, and the runs deleted with it.

    Args:
        name: its name in the trash; the latest one of a name has no number.

    Raises:
        RunError: it is not in the trash, or a study of its name exists.
    """
    source = _trash_dir() / name
    if name not in list_deleted_studies():
        deleted = ", ".join(list_deleted_studies()) or "no study"
        raise RunError(f"{name} can't be restored: {source.parent} holds {deleted}.")
    values = load_json(source / StudyFile.DELETED) or {}
    target = studies_dir() / str(values.get("name", name))
    if target.exists():
        raise RunError(
            f"{name} can't be restored: a study named {target.name} exists. Delete that one first."
        )
    try:
        source.rename(target)
        _restore_runs(target)
    except OSError as error:
        raise RunError(f"{name} can't be restored: {error}.") from error
    for run_id in values.get("runs", ()):  # deleted by a version that kept runs elsewhere
        with suppress(FmnistError):
            restore_run(run_id)
    return open_study(target.name)


def _restore_runs(path: Path) -> None:
    """Move the runs inside a study's directory back, except those whose name is taken."""
    folder = path / StudyFile.RUNS
    for source in sorted(folder.glob("*")):
        if not (settings.models_dir() / source.name).exists():
            source.rename(settings.models_dir() / source.name)
    with suppress(OSError):  # not empty, or never created
        folder.rmdir()
    (path / StudyFile.DELETED).unlink(missing_ok=True)


def _trash_dir() -> Path:
    return studies_dir() / _TRASH
