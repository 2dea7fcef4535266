"""The dispatcher: ``python -m fmnist.launching`` starts queued runs, one at a time, and ends.

It is a process of its own, apart from the server, so that the queue goes on when the server is
ended; it imports no TensorFlow, so waiting costs next to nothing. A lock file makes it the only
one of its models folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import time
from typing import Final

import psutil
from filelock import FileLock, Timeout

from fmnist import settings
from fmnist.launching.launcher import LOCK_NAME, list_queue
from fmnist.runs import Run, RunState, list_runs
from fmnist.runs.files import write_json
from fmnist.runs.processes import end_process, identify_process, mark_ended

POLL_SECONDS: Final = 0.25
LOCK_SECONDS: Final = 5.0
"""How long a new dispatcher waits for one that may be about to end."""

WORKER_NICE: Final = 5
GRACE_SECONDS: Final = 15.0
"""How long a worker may take to end once asked, before it is killed."""


def dispatch() -> None:
    """Start queued runs one after the other until none waits."""
    while True:
        active = [
            run for run in list_runs() if run.load_state() in {RunState.RUNNING, RunState.STOPPING}
        ]
        if active:  # started by a dispatcher that was killed since
            watch(active[0], None)
            continue
        queue = list_queue()
        if not queue:
            return
        # A run that was deleted just now has no directory any more: the next one, then.
        with contextlib.suppress(FileNotFoundError):
            watch(queue[0], start_worker(queue[0]))


def start_worker(run: Run) -> subprocess.Popen[bytes]:
    """Start the worker process of a run and write down which it is."""
    attempt = secrets.token_hex(4)
    with (run.path / "worker.log").open("ab") as log:
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
    write_json(run.path / "launch.json", identify_process(worker.pid, attempt).to_dict())
    return worker


def _step_back(pid: int) -> None:
    """Give a worker a lower priority: it takes every idle core, but the pages come first."""
    with contextlib.suppress(psutil.Error):
        psutil.Process(pid).nice(
            psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else WORKER_NICE
        )


def watch(run: Run, worker: subprocess.Popen[bytes] | None) -> None:
    """Wait until a run's worker has ended; end it if it does not hear the request to stop.

    Args:
        run: whose worker it is.
        worker: the process if it is our own child, whose exit code can be had.
    """
    launch = run.load_launch()
    asked_at: float | None = None
    while worker.poll() is None if worker else run.load_state() in {
        RunState.RUNNING, RunState.STOPPING,
    }:  # fmt: skip
        if run.is_stop_requested and launch is not None:
            asked_at = asked_at or time.monotonic()
            waited = time.monotonic() - asked_at
            # While it imports TensorFlow the worker hears nothing, and there is nothing to lose.
            if not (run.path / "status.json").exists():
                end_process(launch)
            elif waited > GRACE_SECONDS:
                end_process(launch, force=True)
        time.sleep(POLL_SECONDS)
    # A run that was resumed while its worker was still ending has no launch, or another one.
    if worker is not None and launch is not None and run.load_launch() == launch:
        write_json(run.path / "launch.json", mark_ended(launch, worker.wait()).to_dict())


if __name__ == "__main__":
    try:
        with FileLock(settings.models_dir() / LOCK_NAME).acquire(timeout=LOCK_SECONDS):
            dispatch()
    except Timeout:
        pass
