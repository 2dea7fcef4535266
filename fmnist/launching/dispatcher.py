"""The dispatcher: ``python -m fmnist.launching`` starts waiting runs in turn, and ends.

It is a process of its own, apart from the server, so that the queue goes on when the server is
ended; it imports no TensorFlow, so waiting costs next to nothing. A lock file makes it the only
one of its models folder.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from typing import Final

import psutil
from filelock import BaseFileLock, FileLock, Timeout

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching.launcher import LOCK_NAME
from fmnist.launching.queue import hold_queue, list_queue
from fmnist.runs import Launch, Run, RunState, list_runs
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import TRY_AGAIN_EXIT_CODE, end_process, mark_ended

POLL_SECONDS: Final = 0.25
SCAN_SECONDS: Final = 1.0
"""How often, at most, all runs are looked at while others train."""

RETRY_SECONDS: Final = 5.0
"""Pause after something could not be done, until there may be room again."""

LOCK_SECONDS: Final = 1.0
"""Longer than anybody who only looks whether a dispatcher is at work holds its lock."""

WORKER_NICE: Final = 5
GRACE_SECONDS: Final = 15.0
"""How long a worker may take to end once asked, before it is killed."""

AT_WORK: Final = frozenset({RunState.RUNNING, RunState.STOPPING})


class Watch:
    """A run at work, until it is not: asks it to end when it must, and notes how it ended.

    Args:
        run: whose worker it is.
        worker: the process if it is our own child, whose exit code can be had.
        attempt: the child's name for itself.
    """

    def __init__(
        self, run: Run, worker: subprocess.Popen[bytes] | None = None, attempt: str = ""
    ) -> None:
        self.run = run
        self._worker, self._attempt = worker, attempt
        self._launch: Launch | None = None
        self._asked_at: float | None = None
        self._ended_at: float | None = None

    def is_over(self) -> bool:
        """Look at the worker once; True when it has ended and that is written down."""
        with suppress(RunError):  # a record that is damaged says nothing
            launch = self.run.load_launch()
            if self._worker is None or (launch and launch.attempt == self._attempt):
                self._launch = launch
        if self._worker is None:
            if self.run.load_state() not in AT_WORK:
                return True
        elif self._worker.poll() is not None:
            self._ended_at = self._ended_at or time.monotonic()
            if self._worker.returncode == TRY_AGAIN_EXIT_CODE:  # it is still in the queue
                return time.monotonic() - self._ended_at > RETRY_SECONDS
            self._write_end(self._worker)
            return True
        self._end_if_asked()
        return False

    def _end_if_asked(self) -> None:
        if not self.run.is_stop_requested or self._launch is None:
            return
        self._asked_at = self._asked_at or time.monotonic()
        # While it imports TensorFlow the worker hears nothing, and there is nothing to lose.
        if not (self.run.path / RunFile.STATUS).exists():
            end_process(self._launch)
        elif time.monotonic() - self._asked_at > GRACE_SECONDS:
            end_process(self._launch, force=True)

    def _write_end(self, worker: subprocess.Popen[bytes]) -> None:
        code = worker.wait()
        if not self.run.path.exists():
            return
        with hold_queue():
            if self._launch is None:
                if code == 0:  # it left the queue before it began
                    return
                # It ended before it could say who it was; without a record it would be
                # started again and again.
                end = Launch(self._attempt, worker.pid, 0.0, "", exit_code=code)
            elif self.run.load_launch() == self._launch:
                end = mark_ended(self._launch, code)
            else:  # resumed while its worker was still ending
                return
            write_json(self.run.path / RunFile.LAUNCH, end.to_dict())


def dispatch(lock: BaseFileLock, limit: int) -> None:
    """Start waiting runs in their order, at most ``limit`` at a time, until none waits.

    Args:
        lock: the dispatcher's, held; it is released when there is nothing left to do.
        limit: at least 1.
    """
    watches: dict[str, Watch] = {}
    scanned = float("-inf")
    while True:
        try:
            over = [name for name, watch in watches.items() if watch.is_over()]
            for name in over:
                del watches[name]
            due = over or time.monotonic() - scanned >= SCAN_SECONDS
            if len(watches) < limit and due:
                scanned = time.monotonic()
                fill(watches, limit)
                if not watches and retire(lock):
                    return
        except (OSError, RunError) as error:  # a full disk, say; told, and tried again
            with suppress(OSError):
                print(f"{error} Trying again in {RETRY_SECONDS:.0f} s.", flush=True)
            time.sleep(RETRY_SECONDS)
        time.sleep(POLL_SECONDS)


def fill(watches: dict[str, Watch], limit: int) -> None:
    """Watch runs that a killed dispatcher had started, and start those that wait."""
    for run in list_runs():
        if run.run_id not in watches and run.load_state() in AT_WORK:
            watches[run.run_id] = Watch(run)
    for run in list_queue():
        if len(watches) >= limit:
            return
        # A run that was deleted just now has no directory any more: the next one, then.
        with suppress(FileNotFoundError):
            if run.run_id not in watches:
                watches[run.run_id] = start_worker(run)


def retire(lock: BaseFileLock) -> bool:
    """Give the lock back if really nothing waits; True if so.

    Whoever queues a run holds the queue meanwhile, so either we see that run here or they see
    that the lock is free and start the next dispatcher.
    """
    with hold_queue():
        if list_queue():
            return False
        lock.release()
        return True


def start_worker(run: Run) -> Watch:
    """Start the worker process of a run; it writes down itself which process it is."""
    attempt = secrets.token_hex(4)
    with (run.path / RunFile.LOG).open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "fmnist.training", str(run.path), attempt],
            cwd=settings.PROJECT_DIR,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _step_back(worker.pid)
    return Watch(run, worker, attempt)


def _step_back(pid: int) -> None:
    """Give a worker a lower priority: it takes every idle core, but the pages come first."""
    with suppress(psutil.Error):
        psutil.Process(pid).nice(
            psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else WORKER_NICE
        )


def main() -> None:
    """Dispatch unless another dispatcher of this models folder is at work."""
    only_one = FileLock(settings.models_dir() / LOCK_NAME)
    with suppress(Timeout):
        only_one.acquire(timeout=LOCK_SECONDS)
        dispatch(only_one, settings.parallel_runs())
