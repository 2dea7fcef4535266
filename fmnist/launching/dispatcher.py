"""The dispatcher: ``python -m fmnist.launching`` starts waiting runs in turn, then ends.

It is a separate process, so that queued runs are trained even after the server has ended. It does
not import TensorFlow, so waiting costs almost nothing. A lock file ensures that each models folder
has only one. Only the executor knows how workers are run.
"""

from __future__ import annotations

import time
import traceback
from contextlib import suppress
from typing import Any, Final

from filelock import BaseFileLock, FileLock, Timeout

from fmnist import settings
from fmnist.errors import ExecutorError, FmnistError
from fmnist.launching.executors import Executor, choose_executor
from fmnist.launching.launcher import LOCK_NAME
from fmnist.launching.queue import hold_queue, list_queue
from fmnist.launching.trouble import note_trouble
from fmnist.launching.turns import is_queue_paused, note_turn
from fmnist.runs import Run, RunState, list_runs, load_summary

POLL_SECONDS: Final = 0.25
SCAN_SECONDS: Final = 1.0
"""Minimum interval between two scans of all run directories while runs train."""

RETRY_SECONDS: Final = 5.0
"""Pause after an error, in case disk space is freed."""

LOCK_SECONDS: Final = 1.0
"""Longer than ``ensure_dispatcher`` holds the lock to check for a running dispatcher."""

Training = dict[str, tuple[Run, Any]]
"""The runs with a worker, by name, each with its executor's handle."""


def dispatch(lock: BaseFileLock, limit: int, executor: Executor[Any]) -> None:
    """Start waiting runs in order, at most ``limit`` at a time, until none waits.

    Args:
        lock: the dispatcher's lock, already held; released when there is nothing left to do.
        limit: at least 1.
        executor: runs the workers.
    """
    training: Training = {}
    scanned = float("-inf")
    trouble = ""
    while True:
        failures: list[Exception] = []
        try:
            is_place_free = watch(training, executor, failures)
            due = is_place_free or time.monotonic() - scanned >= SCAN_SECONDS
            if len(training) < limit and due:
                scanned = time.monotonic()
                fill(training, limit, executor, failures)
                if not training and retire(lock):
                    return
        # Any error, even a bug in this program: the other runs depend on this loop.
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        reason = str(failures[0]) if failures else ""
        if reason != trouble:
            note_trouble(trouble := reason)
        if failures:  # a full disk, for example: logged, then tried again
            log_error(failures[0])
            time.sleep(RETRY_SECONDS)
        time.sleep(POLL_SECONDS)


def log_error(error: Exception) -> None:
    """Print an error, with its traceback if it is a bug."""
    with suppress(OSError):
        if not isinstance(error, OSError | FmnistError):
            traceback.print_exception(error)
        print(f"{error} Trying again in {RETRY_SECONDS:.0f} s.", flush=True)


def watch(training: Training, executor: Executor[Any], failures: list[Exception]) -> bool:
    """Drop runs whose worker has ended, and stop those with a stop request; True if one ended.

    Args:
        training: the runs that have a worker.
        executor: runs the workers.
        failures: collects the errors of runs that can't be checked now; the remaining runs are
            still handled.
    """
    ended = []
    for name, (run, handle) in training.items():
        try:
            if not executor.is_alive(handle):
                ended.append(name)
            elif run.is_stop_requested:
                executor.stop(handle)
        except (OSError, FmnistError) as error:
            failures.append(error)
    for name in ended:
        del training[name]
    return bool(ended)


def fill(
    training: Training, limit: int, executor: Executor[Any], failures: list[Exception]
) -> None:
    """Adopt workers started by a killed dispatcher, then start waiting runs.

    Args:
        training: the runs that have a worker.
        limit: how many runs may have one.
        executor: runs the workers.
        failures: collects the errors of runs that can't be started now; the remaining runs are
            still handled.
    """

    def start(run: Run) -> None:
        # The run has just been deleted: start the next one.
        try:
            training[run.run_id] = run, executor.start(run)
        except FileNotFoundError:
            return
        except (OSError, FmnistError) as error:
            failures.append(error)

    for run in list_runs():
        state = load_summary(run).state  # those that have ended are kept
        if run.run_id not in training and state in {RunState.RUNNING, RunState.STOPPING}:
            start(run)
    for run in list_queue():
        if len(training) >= limit or is_queue_paused():
            break
        if run.run_id not in training:
            start(run)
            if run.run_id in training:
                note_turn(run)


def retire(lock: BaseFileLock) -> bool:
    """Release the lock if no run waits; True if so.

    A process that queues a run holds the queue's lock at the same time. So either its run is seen
    here, or it finds this lock free and starts the next dispatcher.
    """
    with hold_queue():
        if list_queue():
            return False
        lock.release()
        return True


def main() -> None:
    """Run the dispatcher unless this models folder already has one."""
    only_one = FileLock(settings.models_dir() / LOCK_NAME)
    with suppress(Timeout):
        only_one.acquire(timeout=LOCK_SECONDS)
        try:
            executor, limit = choose_executor(), settings.parallel_runs()
        except ExecutorError as error:
            print(error, flush=True)
            note_trouble(str(error))
            return
        note_trouble("")
        print(f"Training runs on {executor.describe()}, {limit} at a time.", flush=True)
        dispatch(only_one, limit, executor)
