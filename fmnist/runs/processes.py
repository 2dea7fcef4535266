"""Which process is which, on this machine, and which one a run belongs to."""

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
"""A worker that could not begin ends with it: another one is at work on its run, or the disk is
full (``EX_TEMPFAIL``, sysexits.h)."""

CLAIM_SECONDS: Final = 10.0
"""How long a worker waits for an earlier one that is about to end."""


class RunBusyError(Exception):
    """Another worker holds the run."""


@contextmanager
def claim_run(path: Path, *, seconds: float = CLAIM_SECONDS) -> Iterator[None]:
    """Hold a run for this process: two workers never train one run.

    The lock is the operating system's, so it ends with the process however that ends.

    Raises:
        RunBusyError: another process still held it after so many seconds.
        OSError: the run directory is gone or can't be written.
    """
    if not path.is_dir():  # the lock would bring it back
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    lock = FileLock(path / RunFile.LOCK)
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise RunBusyError(f"Another process trains {path.name}.") from error
    try:
        yield
    finally:
        lock.release()


def identify_process(pid: int, attempt: str) -> Launch:
    """Return the record of a process that was just started for a run."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    return Launch(
        attempt=attempt, pid=pid, started=started, host=socket.gethostname(),
        since_boot=_read_since_boot(pid),
    )  # fmt: skip


def _read_since_boot(pid: int) -> float | None:
    """Return the start time that no change of the clock moves; Linux alone needs it.

    Linux keeps it as clock ticks since the boot (field 22 of ``/proc/PID/stat``, proc(5)) and
    psutil adds the time of the boot, which moves with the clock. Elsewhere the kernel notes the
    time of day once.
    """
    if sys.platform != "linux":
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[19]) / os.sysconf("SC_CLK_TCK")


def is_alive(launch: Launch) -> bool | None:
    """Tell whether that very process still lives, or None when it belongs to another machine.

    A zombie is dead; a pid that was given to another process since is, too.
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
    """Ask that very process to end (or, with ``force``, end it); nothing if it is gone."""
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
    """Return the record with how the process ended."""
    return dataclasses.replace(launch, exit_code=exit_code)
