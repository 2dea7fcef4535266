"""Explains why a training process ended without reporting an error, and what to try."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Final

from fmnist.runs import Run

LITTLE_ROOM_MB: Final = 50
"""Minimum free space for a checkpoint of the larger networks."""


def explain_end(run: Run) -> str:
    """Return one or two sentences on how the process of a lost run ended and what to try."""
    launch = run.load_launch()
    code = None if launch is None else launch.exit_code
    words = " ".join((_explain_exit(code), find_disk_trouble(run.path) or "")).strip()
    return f"The training process ended without reporting an error{words}"


def _explain_exit(code: int | None) -> str:
    match code:
        case None:
            return ", perhaps because the machine was shut down."
        case -9:
            return (
                ": signal 9 killed it, by hand or for lack of memory. If you did not do it, "
                "close other programs and resume, or try half the batch size in a new run."
            )
        case _ if code < 0:
            return (
                f": signal {-code} ({_name_signal(-code)}) ended it. Resume it once. If it "
                "ends again, read its log."
            )
        case _:
            return f" (exit status {code}); see the end of its log."


def _name_signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def find_disk_trouble(folder: Path) -> str | None:
    """Return a sentence if the disk of a folder is nearly full, otherwise None."""
    try:
        free = shutil.disk_usage(folder).free / 2**20
    except OSError:
        return None
    if free >= LITTLE_ROOM_MB:
        return None
    return f"The disk of {folder} has {free:.0f} MB left: free space first."
