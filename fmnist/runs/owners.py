"""The owner of a run, and how much of the disk each person uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs.files import load_json
from fmnist.runs.layout import STUDIES_FOLDER, STUDY_PLAN, RunFile
from fmnist.runs.run import STUDY_OWNER
from fmnist.runs.store import RUN_ID
from fmnist.runs.trash import list_deleted, trash_dir

_PLACES: Final = ("[!.]*", ".trash/*", f"{STUDIES_FOLDER}/.trash/*/deleted_runs/*")
"""Run directories below the models folder, including those in the trash."""


def load_person(folder: Path) -> str:
    """Return who requested the run in a directory; for a run of a study, who requested the study.

    It is empty if no one is named or the file can't be read.
    """
    return find_person(_load_owner(folder / RunFile.RECIPE))


def load_deleted_person(run_id: str) -> str:
    """Return who requested a run in the trash; empty if it names no one.

    Raises:
        RunError: there is no run of that name in the trash.
    """
    if run_id not in list_deleted():
        raise RunError(f"There is no run named {run_id!r} in the trash.")
    return load_person(trash_dir() / run_id)


def find_person(owner: str) -> str:
    """Return the person behind the owner of a run, which may be a study."""
    if not owner.startswith(STUDY_OWNER):
        return owner
    study = owner.removeprefix(STUDY_OWNER)
    if not RUN_ID.fullmatch(study):  # no study has such a name: it would be a path elsewhere
        return ""
    return _load_owner(settings.models_dir() / STUDIES_FOLDER / study / STUDY_PLAN)


def measure_disk() -> Counter[str]:
    """Return the bytes of all run directories by person, including those in the trash."""
    sizes: Counter[str] = Counter()
    for place in _PLACES:
        for recipe in settings.models_dir().glob(f"{place}/{RunFile.RECIPE}"):
            sizes[load_person(recipe.parent)] += sum(_list_sizes(recipe.parent))
    return sizes


def _list_sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        try:
            yield path.lstat().st_size
        except OSError:  # just replaced
            continue


def _load_owner(path: Path) -> str:
    try:
        owner = (load_json(path) or {}).get("owner", "")
    except RunError:
        return ""
    return owner if isinstance(owner, str) else ""
