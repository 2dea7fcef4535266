"""Starts and cancels a learning-rate range test: a short process that bypasses the queue."""

from __future__ import annotations

import secrets
import shutil

from filelock import FileLock

from fmnist.errors import RunError
from fmnist.launching.spawn import spawn
from fmnist.lr_range.record import OWNER_FILE, RangeTest, find_running_test
from fmnist.runs import Recipe, RunState, list_runs
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import end_process, identify_process


def start_range_test(test: RangeTest, recipe: Recipe, *, owner: str = "") -> None:
    """Start a test; an earlier result with the same settings is deleted.

    Args:
        test: its directory, from ``open_range_test`` with this recipe.
        recipe: the recipe to test.
        owner: the person who requests it.

    Raises:
        RunError: a test is already running, or the models folder can't be written.
    """
    try:
        test.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(test.path.parent / ".lock"):
            if find_running_test() is not None:
                raise RunError("A range test is running already. Wait for it or cancel it.")
            shutil.rmtree(test.path, ignore_errors=True)
            test.path.mkdir()
            write_json(test.path / RunFile.RECIPE, recipe.to_dict())
            write_json(test.path / OWNER_FILE, {"owner": owner})
            _spawn(test)
    except OSError as error:
        raise RunError(f"{test.path} can't be written: {error}. Free space.") from error


def cancel_range_test(test: RangeTest) -> None:
    """End a test and delete its results; do nothing if it has ended."""
    launch = test.load_launch()
    if launch is None or not test.is_running:
        return
    end_process(launch, force=True)
    # The killed process's last write fails without its directory.
    shutil.rmtree(test.path, ignore_errors=True)


def is_training() -> bool:
    """Return whether a run is training, with which a test would share the machine."""
    training = {RunState.RUNNING, RunState.STOPPING}
    return any(run.load_state() in training for run in list_runs())


def _spawn(test: RangeTest) -> None:
    """Start the process and record its identity."""
    process = spawn("fmnist.lr_range", str(test.path), log=test.path / RunFile.LOG)
    launch = identify_process(process.pid, secrets.token_hex(4))
    write_json(test.path / RunFile.LAUNCH, launch.to_dict())
