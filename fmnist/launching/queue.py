"""Who waits, in which order: a number in each waiting run's ``queue.json``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs import Run, RunState, open_run
from fmnist.runs.files import load_json, write_json
from fmnist.runs.layout import RunFile

QUEUE_LOCK_NAME: Final = ".queue.lock"
HOLD_SECONDS: Final = 20.0
"""How long to wait for others who change the queue; each takes some milliseconds."""


@contextmanager
def hold_queue() -> Iterator[None]:
    """Let nobody else change the queue of this models folder meanwhile.

    Raises:
        RunError: it is held for too long, or the models folder can't be written.
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
    """Return the runs that wait for their turn, the next one first.

    Run directories that were started are passed over by a glance at two names, so that asking
    often costs little where there are many.
    """
    waiting = []
    for recipe_path in settings.models_dir().glob(f"[!.]*/{RunFile.RECIPE}"):
        folder = recipe_path.parent
        if (folder / RunFile.REPORT).exists() or (folder / RunFile.LAUNCH).exists():
            continue
        try:
            run = open_run(folder.name)
        except RunError:  # no run, or deleted in this moment
            continue
        if run.load_state() is RunState.QUEUED:
            waiting.append(run)
    return sorted(waiting, key=lambda run: (_load_place(run), run.created, run.run_id))


def append_run(run: Run) -> None:
    """Give a run the last place; call it while the queue is held.

    The number follows the others', not the clock, which may be set back.
    """
    _number([*(other for other in list_queue() if other.path != run.path), run])


def move_run(run: Run, steps: int) -> None:
    """Move a waiting run in the queue.

    Args:
        run: one that waits.
        steps: places towards the end; negative: towards the front. It stays within the queue.

    Raises:
        RunError: the run does not wait, or the models folder can't be written.
    """
    with hold_queue():
        order = list_queue()
        if run not in order:
            raise RunError(f"{run.run_id} is {run.load_state()}: only a waiting run is moved.")
        target = min(max(order.index(run) + steps, 0), len(order) - 1)
        order.remove(run)
        order.insert(target, run)
        _number(order)


def _number(order: list[Run]) -> None:
    """Write down the places, each where it is another one than before."""
    for place, run in enumerate(order, start=1):
        if _load_place(run) != place:
            write_json(run.path / RunFile.QUEUE, {"place": place})


def _load_place(run: Run) -> float:
    """Return a run's number; one that has none, or an unreadable one, comes after the others."""
    try:
        values = load_json(run.path / RunFile.QUEUE) or {}
        return float(values.get("place", math.inf))
    except (RunError, TypeError, ValueError):
        return math.inf
