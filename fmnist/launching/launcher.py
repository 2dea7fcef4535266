"""What a page or the command line asks for: start, stop, resume, and who waits."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs import Recipe, Run, RunState, create_run, list_runs, open_run
from fmnist.runs.files import load_json, write_json

LOCK_NAME = ".dispatcher.lock"


def start_run(recipe: Recipe, *, run_id: str | None = None, owner: str = "") -> Run:
    """Queue a new run and see to it that it starts as soon as it is its turn.

    Raises:
        RunError: a run of that name exists, or the models folder can't be written.
    """
    run = create_run(recipe, run_id=run_id, owner=owner)
    _enqueue(run)
    return run


def resume_run(run_id: str) -> Run:
    """Queue a run again that was stopped, failed or got lost; it goes on after its last epoch.

    Raises:
        RunError: there is no such run, or it is finished, at work or waiting.
    """
    run = open_run(run_id)
    state = run.load_state()
    if state not in {RunState.STOPPED, RunState.FAILED, RunState.LOST}:
        raise RunError(f"{run_id} is {state}, so there is nothing to resume.")
    for name in ("stop", "launch.json", "status.json"):
        (run.path / name).unlink(missing_ok=True)
    _enqueue(run)
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


def list_queue() -> list[Run]:
    """Return the runs that wait for their turn, the next one first."""
    waiting = [run for run in list_runs() if run.load_state() is RunState.QUEUED]
    return sorted(waiting, key=_queued_at)


def ensure_dispatcher() -> None:
    """Start the dispatcher of this models folder unless one is at work."""
    lock = FileLock(settings.models_dir() / LOCK_NAME)
    try:
        with lock.acquire(timeout=0):
            pass
    except Timeout:
        return
    except OSError as error:
        raise RunError(f"{settings.models_dir()} can't be written: {error}.") from error
    _spawn_dispatcher()


def _enqueue(run: Run) -> None:
    write_json(run.path / "queue.json", {"queued_at": time.time()})
    # Always a new process: the one at work may be about to end. It waits for the lock, finds
    # nothing to do if the other took the run, and ends.
    _spawn_dispatcher()


def _queued_at(run: Run) -> float:
    values = load_json(run.path / "queue.json") or {}
    return float(values.get("queued_at", run.created))


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
