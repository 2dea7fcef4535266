"""Record the end of a worker, for all executors."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from fmnist.errors import RunError
from fmnist.launching.queue import hold_queue
from fmnist.runs import Launch, Run, RunState
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import mark_ended

RETRY_SECONDS: Final = 5.0
"""How long a worker that could not begin keeps its place, until there may be space."""

GRACE_SECONDS: Final = 15.0
"""How long a worker may take to end after a stop was requested, before it is killed."""

TRAINING: Final = frozenset({RunState.RUNNING, RunState.STOPPING})


def record_end(run: Run, attempt: str, launch: Launch | None, code: int, pid: int) -> None:
    """Add a worker's exit code to the ``launch.json`` of its run.

    Args:
        run: the run that it trained; nothing is written once its directory was deleted.
        attempt: the name of the worker's attempt.
        launch: the worker's record of itself, or None if it ended before it wrote one.
        code: its exit code, negative for the signal that killed it.
        pid: its process id, recorded if ``launch`` is None.

    Raises:
        OSError: the record can't be written.
        RunError: the queue is held for too long.
    """
    if not run.path.exists():
        return
    with hold_queue():
        if launch is None:
            if code == 0:  # it left the queue before it began
                return
            # It ended before it could record itself; without a record it would be started again
            # and again.
            end = Launch(attempt, pid, 0.0, "", exit_code=code)
        else:
            with suppress(RunError):  # damaged meanwhile: what is written now replaces it
                if run.load_launch() != launch:  # resumed while its worker was still ending
                    return
            end = mark_ended(launch, code)
        # Where a folder is in its place, the run is damaged, and not started again either.
        with suppress(IsADirectoryError, PermissionError):
            write_json(run.path / RunFile.LAUNCH, end.to_dict())
