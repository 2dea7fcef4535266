"""Which process is which, on this machine."""

from __future__ import annotations

import dataclasses
import socket

import psutil

from fmnist.runs.records import Launch


def identify_process(pid: int, attempt: str) -> Launch:
    """Return the record of a process that was just started for a run."""
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    return Launch(attempt=attempt, pid=pid, started=started, host=socket.gethostname())


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
        # Linux derives the start time from the boot clock, which a clock change moves a little.
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
