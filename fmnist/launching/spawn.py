"""The one place that starts processes: dispatcher, training worker, range test, controller."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from fmnist import settings
from fmnist.keras_env import build_keras_environment

BACKGROUND_NICE: Final = 5
"""Nice value of a background process: it takes every idle core, but the pages come first."""


def spawn(
    module: str, *arguments: str, log: Path, is_background: bool = False
) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` so that it outlives the process that starts it.

    It runs in a separate session, in the program's folder, without standard input.

    Args:
        module: a package with a ``__main__`` module, for example ``fmnist.training``.
        arguments: its command line.
        log: file to which its output is appended.
        is_background: whether to give it a lower priority than the pages.

    Raises:
        OSError: the log can't be written, or the process can't be started.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.PROJECT_DIR,
            env=build_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    if is_background:
        _lower_priority(process.pid)
    return process


def build_environment() -> dict[str, str]:
    """Return the environment of a child process: ours, with absolute folders and our Keras."""
    return {**os.environ, **build_program_environment()}


def build_program_environment() -> dict[str, str]:
    """Return the variables of a child process that are the program's own.

    The child runs in another working directory, where a relative folder would be a different one.
    """
    return {
        **{name: value for name, value in os.environ.items() if name.startswith("FMNIST_")},
        **build_keras_environment(),
        "FMNIST_ARCHIVE": str(settings.archive_dir()),
        "FMNIST_CACHE": str(settings.cache_dir()),
        "FMNIST_MODELS": str(settings.models_dir()),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONUNBUFFERED": "1",
    }


def _lower_priority(pid: int) -> None:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        process.nice(
            psutil.BELOW_NORMAL_PRIORITY_CLASS
            if sys.platform == "win32"
            else max(process.nice(), BACKGROUND_NICE)
        )
