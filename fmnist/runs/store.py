"""Creates, lists and opens run directories in the models folder."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cachetools import LRUCache

from fmnist import settings
from fmnist.errors import RecipeError, RunError
from fmnist.runs.fields import Moment, Name
from fmnist.runs.file_cache import Signature, is_settled, read_cached, sign_file
from fmnist.runs.files import load_json, sync_folder, write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.recipe import Recipe
from fmnist.runs.records import Record
from fmnist.runs.run import Run

RUN_ID: Final = re.compile(r"\w[\w .+-]{0,79}")
"""One folder below the models folder: no path, and nothing hidden, which is never listed."""

_MAX_NAME_BYTES: Final = 240
"""File systems allow 255 bytes, and a deleted run's folder may get a number at its end."""


def check_run_id(run_id: str) -> None:
    """Check that a new run can have this name.

    Raises:
        RunError: it has characters that are not allowed, is too long, or is taken; the message
            says which.
    """
    if not RUN_ID.fullmatch(run_id) or run_id[-1] in ". ":
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
    """Create a run directory with its recipe, queued.

    Args:
        recipe: what to train.
        run_id: its name; by default, network, date and four random letters.
        owner: the person who requested it.

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
        values = {**recipe.select_settings(), "created": now, "owner": owner}
        write_json(path / RunFile.RECIPE, values)
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


@dataclass(frozen=True, slots=True)
class _Origin(Record):
    """The content of ``recipe.json`` besides the settings."""

    created: Moment = 0.0
    owner: Name = ""


def open_run(run_id: str) -> Run:
    """Return the run of that name.

    Raises:
        RunError: there is no such run, or its recipe can't be read.
    """
    path = settings.models_dir() / run_id
    run = None
    if RUN_ID.fullmatch(run_id):
        run = read_cached(path / RunFile.RECIPE, "run", _read_run)
    if run is None:
        raise RunError(f"There is no run named {run_id!r} in {settings.models_dir()}.")
    return run


def _read_run(recipe_path: Path) -> Run | None:
    values = load_json(recipe_path)
    if values is None:
        return None
    fields = ("created", "owner")
    origin = _Origin.from_dict({k: values.pop(k) for k in fields if k in values}, recipe_path)
    try:
        recipe = Recipe.from_dict(values)
    except RecipeError as error:
        raise RunError(f"{recipe_path} can't be used: {error}") from error
    return Run(recipe_path.parent, recipe, origin.created, origin.owner)


def list_runs() -> list[Run]:
    """Return all runs with a readable recipe, newest first; other directories are skipped."""
    return [run for run in list_all_runs() if not run.damage]


def list_all_runs() -> list[Run]:
    """Return all runs, newest first, followed by those with an unreadable recipe.

    Their ``damage`` says why; directories that aren't runs are skipped.
    """
    models = settings.models_dir()
    found = (_find_run(models, name) for name in list_names(models))
    runs = [run for run in found if run is not None]
    return sorted(runs, key=lambda run: (-run.created, run.run_id))


def list_names(models: Path) -> list[str]:
    """Return the valid run names in the models folder; not all of them are runs."""
    try:
        return [name for name in os.listdir(models) if RUN_ID.fullmatch(name)]  # noqa: PTH208
    except OSError:
        return []


_listed: LRUCache[str, tuple[Signature, Run]] = LRUCache(settings.CACHED_SUMMARIES)
_lock = threading.Lock()


def _find_run(models: Path, name: str) -> Run | None:
    """Return a run, read once while its recipe is the same, or None where there is none."""
    path = f"{models}/{name}/{RunFile.RECIPE}"
    signature = sign_file(path)
    if signature is None:
        return None
    with _lock:
        kept = _listed.get(path)
    if kept is not None and kept[0] == signature:
        return kept[1]
    try:
        run = open_any_run(name)
    except RunError:  # just deleted
        return None
    if is_settled(signature):
        with _lock:
            _listed[path] = signature, run
    return run


def open_any_run(run_id: str) -> Run:
    """Return the run of that name, with its ``damage`` if its recipe can't be read.

    Raises:
        RunError: there is no such run.
    """
    try:
        return open_run(run_id)
    except RunError as error:
        path = settings.models_dir() / run_id
        if not (path / RunFile.RECIPE).exists():
            raise
        return Run(path, _UNREADABLE, damage=str(error))


_UNREADABLE: Final = Recipe("unknown")
