"""Identifies processes, checks whether they are alive, and locks a run for one of them."""

from __future__ import annotations

import dataclasses
import errno
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
from filelock import FileLock, Timeout

from fmnist.runs.layout import RunFile
from fmnist.runs.records import Launch

TRY_AGAIN_EXIT_CODE: Final = 75
"""Exit status of a worker that could not begin: another worker trains its run, or the disk is full
(``EX_TEMPFAIL``, sysexits.h)."""

CLAIM_SECONDS: Final = 10.0
"""How long a worker waits for an earlier worker that is about to end."""


class RunBusyError(Exception):
    """Another worker holds the run."""


@contextmanager
def claim_run(path: Path, *, seconds: float = CLAIM_SECONDS) -> Iterator[None]:
    """Lock a run for this process, so that two workers never train one run.

    The operating system releases the lock when the process ends, however it ends.

    Raises:
        RunBusyError: another process still holds it after the waiting time.
        OSError: the run directory was deleted or can't be written.
    """
    if not path.is_dir():  # creating the lock file would create it again
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    lock = FileLock(path / RunFile.LOCK)
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise RunBusyError(f"Another process is training {path.name}.") from error
    try:
        yield
    finally:
        lock.release()


def identify_process(pid: int, attempt: str) -> Launch:
    """Return the record of a running process."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    return Launch(
        attempt=attempt,
        pid=pid,
        started=started,
        host=socket.gethostname(),
        since_boot=_read_since_boot(pid),
    )


def _read_since_boot(pid: int) -> float | None:
    """Return the start time in seconds since the boot, which does not move with the clock.

    Linux keeps it as clock ticks since the boot (field 22 of ``/proc/PID/stat``, proc(5)) and
    psutil adds the time of the boot, which moves with the clock. Other systems store the time of
    day once, so None is returned there.
    """
    if sys.platform != "linux":
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def is_alive(launch: Launch) -> bool | None:
    """Return whether the process is alive; None if it runs on another machine.

    A zombie does not count as alive, nor does another process that later got the same pid.
    """
    if launch.exit_code is not None:
        return False
    if launch.host != socket.gethostname():
        return None
    try:
        process = psutil.Process(launch.pid)
        if launch.since_boot is not None:
            same = launch.since_boot == _read_since_boot(launch.pid)
        else:
            same = abs(process.create_time() - launch.started) < 2.0
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return None


def end_process(launch: Launch, *, force: bool = False) -> None:
    """Terminate a process or, with ``force``, kill it; does nothing if it has ended."""
    if not is_alive(launch):
        return
    try:
        process = psutil.Process(launch.pid)
        for child in process.children(recursive=True):
            child.kill()
        process.kill() if force else process.terminate()
    except psutil.NoSuchProcess:
        return


def mark_ended(launch: Launch, exit_code: int) -> Launch:
    """Return the record with the exit code added."""
    return dataclasses.replace(launch, exit_code=exit_code)
