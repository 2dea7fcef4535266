"""Delete runs and restore them.

The trash keeps every deleted run until a person erases it: nothing in it expires. The run that was
deleted last keeps its name there; an earlier one of the same name gets a number at its end, and is
restored under that name. *Undo* (``ui/shell/run_lifecycle.py``) offers what the session deleted
last; the page Runs lists everything in the trash.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs.files import move_aside
from fmnist.runs.layout import RunFile
from fmnist.runs.run import Run
from fmnist.runs.state import RunState
from fmnist.runs.store import open_any_run

_TRASH: Final = ".trash"


def delete_run(run: Run) -> None:
    """Move a run to the trash inside the models folder, from where ``restore_run`` restores it.

    Raises:
        RunError: the run is training, or the folder can't be written.
    """
    if run.load_state() in {RunState.RUNNING, RunState.STOPPING}:
        raise RunError(f"{run.run_id} is training. Stop it before you delete it.")
    target = trash_dir() / run.run_id
    try:
        target.parent.mkdir(exist_ok=True)
        move_aside(target)  # a run of this name, deleted earlier, can still be restored
        run.path.rename(target)
    except OSError as error:
        raise RunError(f"{run.run_id} can't be deleted: {error}.") from error


def restore_run(run_id: str) -> Run:
    """Restore a deleted run.

    Raises:
        RunError: it is not in the trash, or a run of that name exists again.
    """
    source = trash_dir() / run_id
    target = settings.models_dir() / run_id
    if target.exists() or not source.is_dir():
        raise RunError(
            f"{run_id} can't be restored: not in {source.parent}, or a run of its name exists."
        )
    try:
        source.rename(target)
    except OSError as error:
        raise RunError(f"{run_id} can't be restored: {error}.") from error
    return open_any_run(run_id)


def erase_run(run_id: str) -> None:
    """Remove a deleted run from the disk, for good.

    Raises:
        RunError: it is not in the trash, or its files can't be removed.
    """
    if run_id not in list_deleted():
        raise RunError(f"There is no run named {run_id!r} in the trash.")
    try:
        shutil.rmtree(trash_dir() / run_id)
    except OSError as error:
        raise RunError(f"{run_id} can't be erased: {error}.") from error


def list_deleted() -> list[str]:
    """Return the names of the runs in the trash, which ``restore_run`` restores."""
    return sorted(path.parent.name for path in trash_dir().glob(f"*/{RunFile.RECIPE}"))


def trash_dir() -> Path:
    """Return the folder of the deleted runs, in the models folder."""
    return settings.models_dir() / _TRASH
