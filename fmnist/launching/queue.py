"""The order of the waiting runs: a number in each run's ``queue.json``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching.turns import order_fairly
from fmnist.runs import Run, RunState, open_run
from fmnist.runs.fields import Amount
from fmnist.runs.file_cache import sign_file
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.records import Record
from fmnist.runs.store import list_names

QUEUE_LOCK_NAME: Final = ".queue.lock"
HOLD_SECONDS: Final = 20.0
"""How long to wait for other processes that hold the queue, each for a few milliseconds."""


@contextmanager
def hold_queue() -> Iterator[None]:
    """Lock the queue of this models folder, so that no other process changes it.

    Raises:
        RunError: another process holds it for too long, or the models folder can't be written.
    """
    models = settings.models_dir()
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / QUEUE_LOCK_NAME).acquire(timeout=HOLD_SECONDS):
            yield
    except Timeout as error:
        raise RunError(f"Another process holds the queue of {models}. Try again.") from error
    except OSError as error:
        where = error.filename or models
        raise RunError(
            f"{where} can't be written: {error.strerror or error}. Free space or set FMNIST_MODELS."
        ) from error


def list_queue() -> list[Run]:
    """Return the waiting runs, the next one first.

    In classroom mode, their owners take turns; places order the runs of each owner.
    """
    waiting = _list_places()
    return order_fairly(waiting) if settings.is_classroom() else waiting


def _list_places() -> list[Run]:
    """Return the waiting runs by their stored places.

    Started runs are identified by the presence of two files, without reading any, so that frequent
    calls are cheap in a folder with many runs.
    """
    waiting = []
    models = settings.models_dir()
    for name in list_names(models):
        path = f"{models}/{name}"
        if any(sign_file(f"{path}/{file}") for file in (RunFile.REPORT, RunFile.LAUNCH)):
            continue
        try:
            run = open_run(name)
        except RunError:  # not a run, or just deleted
            continue
        if run.load_state() is RunState.QUEUED:
            waiting.append(run)
    return sorted(waiting, key=lambda run: (_load_place(run), run.created, run.run_id))


def append_run(run: Run) -> None:
    """Give a run the last place; requires the queue's lock.

    Places are counters rather than timestamps, because a clock may be set back.
    """
    _number([*(other for other in _list_places() if other.path != run.path), run])


def move_run(run: Run, steps: int) -> None:
    """Move a waiting run in the queue.

    Args:
        run: a waiting run.
        steps: places towards the end; negative: towards the front. It stays within the queue.

    Raises:
        RunError: the run is not waiting, or the models folder can't be written.
    """
    with hold_queue():
        order = _list_places()
        if run not in order:
            raise RunError(f"{run.run_id} is {run.load_state()}: only a waiting run is moved.")
        target = min(max(order.index(run) + steps, 0), len(order) - 1)
        order.remove(run)
        order.insert(target, run)
        _number(order)


def _number(order: list[Run]) -> None:
    """Store the places that have changed; a run that can't hold one waits after all others."""
    for place, run in enumerate(order, start=1):
        if _load_place(run) != place:
            # A folder of that name, or another person's run: no reason to refuse everyone's.
            with suppress(IsADirectoryError, PermissionError):
                write_json(run.path / RunFile.QUEUE, {"place": place})


@dataclass(frozen=True, slots=True)
class _Place(Record):
    """The content of ``queue.json``."""

    place: Amount


def _load_place(run: Run) -> float:
    """Return the stored place; infinity, after all others, if none can be read."""
    try:
        stored = _Place.load(run.path / RunFile.QUEUE)
    except RunError:
        return math.inf
    return math.inf if stored is None else stored.place
