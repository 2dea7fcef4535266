"""Start and cancel a learning-rate range test, a short process apart from the queue of runs."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys

from filelock import FileLock

from fmnist import settings
from fmnist.errors import RunError
from fmnist.lr_range.record import RangeTest, find_running_test
from fmnist.runs import Recipe, RunState, list_runs
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import end_process, identify_process


def start_range_test(test: RangeTest, recipe: Recipe) -> None:
    """Start a test, anew if it was made before.

    Args:
        test: where it is kept, from ``open_range_test`` with this very recipe.
        recipe: what is tested.

    Raises:
        RunError: a test is at work already, or the models folder can't be written.
    """
    try:
        test.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(test.path.parent / ".lock"):
            if find_running_test() is not None:
                raise RunError("A range test is running already. Wait for it or cancel it.")
            shutil.rmtree(test.path, ignore_errors=True)
            test.path.mkdir()
            write_json(test.path / RunFile.RECIPE, recipe.to_dict())
            _spawn(test)
    except OSError as error:
        raise RunError(f"{test.path} can't be written: {error}. Free space.") from error


def cancel_range_test(test: RangeTest) -> None:
    """End a test and forget what it measured; nothing happens if it is over."""
    launch = test.load_launch()
    if launch is None or not test.is_running:
        return
    end_process(launch, force=True)
    # Whatever it still wanted to write, it finds no directory for, and ends.
    shutil.rmtree(test.path, ignore_errors=True)


def is_training() -> bool:
    """Tell whether a run is at work, which shares the machine with a test."""
    at_work = {RunState.RUNNING, RunState.STOPPING}
    return any(run.load_state() in at_work for run in list_runs())


def _spawn(test: RangeTest) -> None:
    """Start the process and write down which it is; it outlives the server."""
    with (test.path / RunFile.LOG).open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "fmnist.lr_range", str(test.path)],
            cwd=settings.PROJECT_DIR,
            env={
                **os.environ,
                "FMNIST_ARCHIVE": str(settings.archive_dir()),
                "FMNIST_CACHE": str(settings.cache_dir()),
                "FMNIST_MODELS": str(settings.models_dir()),
                "TF_CPP_MIN_LOG_LEVEL": "2",
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    launch = identify_process(worker.pid, secrets.token_hex(4))
    write_json(test.path / RunFile.LAUNCH, launch.to_dict())
