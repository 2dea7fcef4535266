"""What a page or the command line asks for: start, stop, resume."""

from __future__ import annotations

import os
import subprocess
import sys

from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching.queue import append_run, hold_queue
from fmnist.runs import Recipe, Run, RunState, create_run, open_run, open_source
from fmnist.runs.layout import RunFile

LOCK_NAME = ".dispatcher.lock"


def start_run(recipe: Recipe, *, run_id: str | None = None, owner: str = "") -> Run:
    """Queue a new run and see to it that it starts as soon as it is its turn.

    Args:
        recipe: what to train.
        run_id: its name; without one, it is named after network and time.
        owner: who asks for it, as the page shows it.

    Raises:
        RunError: a run of that name exists, the one to start from is not finished, or the models
            folder can't be written.
        RecipeError: the one to start from learned from what this recipe validates on.
    """
    if recipe.start_from:
        open_source(recipe)
    with hold_queue():
        run = create_run(recipe, run_id=run_id, owner=owner)
        append_run(run)
    ensure_dispatcher()
    return run


def resume_run(run_id: str) -> Run:
    """Queue a run again that was stopped, failed or got lost; it goes on after its last epoch.

    Raises:
        RunError: there is no such run, or it is finished, at work or waiting.
    """
    with hold_queue():
        run = open_run(run_id)
        state = run.load_state()
        if state not in {RunState.STOPPED, RunState.FAILED, RunState.LOST}:
            raise RunError(f"{run_id} is {state}, so there is nothing to resume.")
        append_run(run)
        for name in (RunFile.STATUS, RunFile.LAUNCH, RunFile.STOP):
            (run.path / name).unlink(missing_ok=True)
    ensure_dispatcher()
    return run


def stop_run(run: Run) -> None:
    """Ask a run to end after the batch in hand, or to leave the queue.

    Raises:
        RunError: the run is over already.
    """
    state = run.load_state()
    if state not in {RunState.QUEUED, RunState.RUNNING, RunState.STOPPING}:
        raise RunError(f"{run.run_id} is {state}, so there is nothing to stop.")
    run.request_stop()


def ensure_dispatcher() -> None:
    """Start the dispatcher of this models folder unless one is at work.

    One that is at work takes the queue's lock before it ends and looks once more, so a run that
    is in the queue by now is never left lying.

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
    """Start the dispatcher in a session of its own, so that it outlives the server."""
    models = settings.models_dir()
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".dispatcher.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "fmnist.launching"],
            cwd=settings.PROJECT_DIR,
            # Absolute: another working directory would give a relative one another meaning.
            env={
                **os.environ,
                "FMNIST_ARCHIVE": str(settings.archive_dir()),
                "FMNIST_CACHE": str(settings.cache_dir()),
                "FMNIST_MODELS": str(models),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
