"""Starts and cancels a computation in a separate process."""

from __future__ import annotations

import secrets

from filelock import FileLock

from fmnist.errors import RunError
from fmnist.launching.spawn import spawn
from fmnist.runs.computation import Computation
from fmnist.runs.files import write_json
from fmnist.runs.processes import end_process, identify_process


def start_computation(
    computation: Computation, module: str, *arguments: str, owner: str = ""
) -> None:
    """Start the process of a computation, with a lower priority than the pages.

    Args:
        computation: the computation, whose folder is created if it is missing.
        module: the module to run with ``python -m``.
        arguments: the arguments of the module.
        owner: the person who starts it.

    Raises:
        RunError: it is already running, or the cache folder can't be written.
    """
    path = computation.path
    try:
        path.mkdir(parents=True, exist_ok=True)
        with FileLock(path / ".lock"):
            if computation.is_running:
                raise RunError("The computation is running already. Wait for it or cancel it.")
            computation.progress_path.unlink(missing_ok=True)
            write_json(computation.owner_path, {"owner": owner})
            process = spawn(module, *arguments, log=computation.log_path, is_background=True)
            launch = identify_process(process.pid, secrets.token_hex(4))
            write_json(computation.launch_path, launch.to_dict())
    except OSError as error:
        raise RunError(f"{path} can't be written: {error}. Free space.") from error


def cancel_computation(computation: Computation) -> None:
    """End the process of a computation, keeping finished results. Does nothing if it has ended."""
    launch = computation.load_launch()
    if launch is not None and computation.is_running:
        end_process(launch, force=True)
    for path in (computation.launch_path, computation.progress_path):
        path.unlink(missing_ok=True)
