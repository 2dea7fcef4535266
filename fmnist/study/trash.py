"""Delete a study, and bring it back."""

from __future__ import annotations

import shutil
from typing import Final

from fmnist.errors import FmnistError, RunError
from fmnist.runs import delete_run, restore_run
from fmnist.runs.files import load_json, write_json
from fmnist.study.layout import StudyFile
from fmnist.study.state import ACTIVE_STUDY_STATES
from fmnist.study.store import Study, open_study, studies_dir

_TRASH: Final = ".trash"


def delete_study(study: Study, *, with_runs: bool) -> None:
    """Move a study to the trash, from where ``restore_study`` brings it back.

    Args:
        study: not at work.
        with_runs: its runs go to the trash as well, and come back with it.

    Raises:
        RunError: the study is at work, or the folder can't be written.
    """
    if study.load_state() in ACTIVE_STUDY_STATES:
        raise RunError(f"{study.name} is at work. Stop it before you delete it.")
    target = studies_dir() / _TRASH / study.name
    runs = study.list_runs() if with_runs else []
    try:
        write_json(study.path / StudyFile.DELETED_RUNS, {"runs": [run.run_id for run in runs]})
        for run in runs:
            delete_run(run)
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        study.path.rename(target)
    except OSError as error:
        raise RunError(f"{study.name} can't be deleted: {error}.") from error


def restore_study(name: str) -> Study:
    """Bring a deleted study back, and the runs that went with it.

    Raises:
        RunError: it is not in the trash, or a study of that name exists again.
    """
    source, target = studies_dir() / _TRASH / name, studies_dir() / name
    if target.exists() or not source.is_dir():
        raise RunError(f"{name} can't be brought back: it is not in {source.parent}.")
    source.rename(target)
    deleted = load_json(target / StudyFile.DELETED_RUNS) or {}
    for run_id in deleted.get("runs", ()):
        try:
            restore_run(run_id)
        except FmnistError:  # deleted for good since: the study is still worth having
            continue
    (target / StudyFile.DELETED_RUNS).unlink(missing_ok=True)
    return open_study(name)
