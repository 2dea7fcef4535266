"""The contract between the dispatcher and the executors that run training workers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from fmnist.runs import Run

HandleT = TypeVar("HandleT")


class Executor(ABC, Generic[HandleT]):
    """Runs training workers somewhere; the dispatcher knows nothing else about it.

    A worker is ``python -m fmnist.training RUN_DIR ATTEMPT``. It reads and writes its run directory
    and nothing else, so it may run wherever that directory can be reached.

    A handle is whatever an executor needs to find one worker again. The dispatcher keeps it while
    the worker lives and never looks inside. No method waits for a worker: the dispatcher calls
    ``is_alive`` several times a second for each one.
    """

    @abstractmethod
    def start(self, run: Run) -> HandleT:
        """Start a worker for a waiting run, or adopt the one that is training it already.

        A run has a worker already when the dispatcher that started it was killed.

        Raises:
            FileNotFoundError: the run directory was deleted.
            OSError: the worker can't be started now; the dispatcher tries again.
        """

    @abstractmethod
    def is_alive(self, handle: HandleT) -> bool:
        """Return whether the worker still occupies its place.

        Before the first False, the executor has written how the worker ended into the run's
        ``launch.json``.

        Raises:
            OSError: the record can't be written; the dispatcher asks again.
            RunError: likewise.
        """

    @abstractmethod
    def stop(self, handle: HandleT) -> None:
        """Make sure that the worker of a run ends after a stop was requested.

        The worker sees the request itself, ends after the current batch and keeps its
        weights. This is for a worker that can't: it is ended at once if nothing would be lost,
        and by force after a grace period. Called repeatedly until ``is_alive`` is False.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return where the workers run, in words that complete "Training runs on …"."""
