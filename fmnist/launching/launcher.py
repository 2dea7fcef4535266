"""Starts, stops and resumes runs, for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching.executors import choose_executor
from fmnist.launching.queue import append_run, hold_queue, list_queue
from fmnist.launching.spawn import spawn
from fmnist.runs import Recipe, Run, RunState, create_run, open_run, open_source, open_teacher
from fmnist.runs.layout import RunFile

LOCK_NAME: Final = ".dispatcher.lock"
LOG_NAME: Final = ".dispatcher.log"

CheckQueue = Callable[[Sequence[Run]], None]


def start_run(
    recipe: Recipe,
    *,
    run_id: str | None = None,
    owner: str = "",
    check_queue: CheckQueue | None = None,
) -> Run:
    """Queue a new run and make sure that a dispatcher will start it.

    Args:
        recipe: what to train.
        run_id: its name; None for one composed of network and time.
        owner: the person who requests it, as shown on pages.
        check_queue: called with the waiting runs; raises an error to refuse the run. The queue is
            locked during the call, so that simultaneous requests see each other.

    Raises:
        RunError: a run of that name exists; the run to start from, or the teacher, is unfinished;
            or the models folder can't be written.
        ExecutorError: the executor named by ``FMNIST_EXECUTOR`` is not available.
        RecipeError: one of those two was trained on images that this recipe validates on.
    """
    choose_executor()
    if recipe.start_from:
        open_source(recipe)
    if recipe.teacher:
        open_teacher(recipe)
    with hold_queue():
        if check_queue is not None:
            check_queue(list_queue())
        run = create_run(recipe, run_id=run_id, owner=owner)
        append_run(run)
    ensure_dispatcher()
    return run


def resume_run(run_id: str, *, check_queue: CheckQueue | None = None) -> Run:
    """Queue a stopped, failed or lost run again; it resumes after its last completed epoch.

    This also applies to a run with damaged records, which are rewritten.

    Args:
        run_id: its name.
        check_queue: as for ``start_run``.

    Raises:
        RunError: there is no such run, or it is finished, training or waiting.
        ExecutorError: the executor named by ``FMNIST_EXECUTOR`` is not available.
    """
    choose_executor()
    with hold_queue():
        run = open_run(run_id)
        state = run.load_state()
        is_over = state in {RunState.STOPPED, RunState.FAILED, RunState.LOST}
        if not (is_over or (state is RunState.DAMAGED and run.is_resumable)):
            raise RunError(f"{run_id} is {state}, so there is nothing to resume.")
        if check_queue is not None:
            check_queue(list_queue())
        append_run(run)
        for name in (RunFile.STATUS, RunFile.LAUNCH, RunFile.STOP):
            (run.path / name).unlink(missing_ok=True)
    ensure_dispatcher()
    return run


def stop_run(run: Run) -> None:
    """Request a run to stop after the current batch, or remove it from the queue.

    Raises:
        RunError: the run has already ended.
    """
    state = run.load_state()
    if state not in {RunState.QUEUED, RunState.RUNNING, RunState.STOPPING}:
        raise RunError(f"{run.run_id} is {state}, so there is nothing to stop.")
    run.request_stop()


def ensure_dispatcher() -> None:
    """Start the dispatcher of this models folder unless one is running.

    A running dispatcher takes the queue's lock and checks once more before it ends, so a run that
    has been queued by now is never missed. One that was just killed may hold its lock an instant
    longer, so those who wait for a run call this again and again.

    Raises:
        RunError: the models folder can't be written.
    """
    lock = FileLock(settings.models_dir() / LOCK_NAME)
    try:
        with lock.acquire(timeout=0):
            pass
    except Timeout:
        return
    except OSError as error:
        raise RunError(f"{settings.models_dir()} can't be written: {error}.") from error
    _spawn_dispatcher()


def _spawn_dispatcher() -> None:
    models = settings.models_dir()
    models.mkdir(parents=True, exist_ok=True)
    spawn("fmnist.launching", log=models / LOG_NAME)
