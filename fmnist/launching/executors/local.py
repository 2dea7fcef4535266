"""Training workers as processes on this machine."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from fmnist.errors import RunError
from fmnist.launching.executors.base import Executor
from fmnist.launching.executors.record import (
    GRACE_SECONDS,
    RETRY_SECONDS,
    TRAINING,
    record_end,
)
from fmnist.launching.spawn import spawn
from fmnist.runs import Launch, Run
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import TRY_AGAIN_EXIT_CODE, end_process


@dataclass
class LocalHandle:
    """A worker process.

    Attributes:
        run: the run that it trains.
        process: the process if it is our own child, whose exit code can be read.
        attempt: the name of the child's attempt.
        launch: the worker's record of itself, once it has written one.
        asked_at: when it was first asked to stop, in seconds of ``time.monotonic``.
        ended_at: when it was first seen to have ended, likewise.
    """

    run: Run
    process: subprocess.Popen[bytes] | None = None
    attempt: str = ""
    launch: Launch | None = None
    asked_at: float | None = None
    ended_at: float | None = None


class LocalExecutor(Executor[LocalHandle]):
    """Starts each worker as a child process in a separate session."""

    def start(self, run: Run) -> LocalHandle:
        """Start the worker process; it records itself which process it is."""
        if run.load_state() in TRAINING:
            return LocalHandle(run)
        attempt = secrets.token_hex(4)
        process = spawn(
            "fmnist.training",
            str(run.path),
            attempt,
            log=run.path / RunFile.LOG,
            is_background=True,
        )
        return LocalHandle(run, process, attempt)

    def is_alive(self, handle: LocalHandle) -> bool:
        """Look at the process once, and record its exit code when it has ended."""
        with suppress(RunError):  # a damaged record is ignored
            launch = handle.run.load_launch()
            if handle.process is None or (launch and launch.attempt == handle.attempt):
                handle.launch = launch
        if handle.process is None:
            return handle.run.load_state() in TRAINING
        if handle.process.poll() is None:
            return True
        handle.ended_at = handle.ended_at or time.monotonic()
        if handle.process.returncode == TRY_AGAIN_EXIT_CODE:  # the run is still in the queue
            return time.monotonic() - handle.ended_at <= RETRY_SECONDS
        code, pid = handle.process.returncode, handle.process.pid
        record_end(handle.run, handle.attempt, handle.launch, code, pid)
        return False

    def stop(self, handle: LocalHandle) -> None:
        """End the process at once while it imports TensorFlow, by force after the grace period."""
        if handle.launch is None:
            return
        handle.asked_at = handle.asked_at or time.monotonic()
        # During the import the worker can't look for the request, and nothing would be lost.
        if not (handle.run.path / RunFile.STATUS).exists():
            end_process(handle.launch)
        elif time.monotonic() - handle.asked_at > GRACE_SECONDS:
            end_process(handle.launch, force=True)

    def describe(self) -> str:
        """Return the machine and its cores."""
        return f"this machine ({os.cpu_count()} cores)"
