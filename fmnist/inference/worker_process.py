"""The inference worker seen from outside: a process that answers over two pipes.

A plain process with two pipes, rather than a pool of ``concurrent.futures`` or loky: those need
POSIX semaphores, which containers without a writable ``/dev/shm`` do not have, and the former runs
the server's main script again in its worker.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future
from typing import Any, Final

from fmnist import settings
from fmnist.keras_env import build_keras_environment

_ENVIRONMENT: Final = {
    **build_keras_environment(),
    "TF_CPP_MIN_LOG_LEVEL": "3",  # errors reach the caller as exceptions
    # The page that draws the answer needs a core, too.
    "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) // 2)),
}


class WorkerEndedError(Exception):
    """The process ended before it answered.

    Attributes:
        exit_code: its exit status, negative for the signal that killed it.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"the inference worker ended with exit status {exit_code}")
        self.exit_code = exit_code


class WorkerProcess:
    """One process ``python -m fmnist.inference``, which answers one question after the other.

    It ends when this process does, however that ends: its standard input is closed then.
    """

    def __init__(self) -> None:
        """Start the process.

        Raises:
            OSError: it can't be started.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fmnist.inference"],
            cwd=settings.PROJECT_DIR,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the command that asks, not for the worker
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._lock = threading.Lock()
        self._waiting: deque[Future[Any]] = deque()
        self._ended: WorkerEndedError | None = None
        threading.Thread(target=self._receive, daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process was seen to have ended: it answers no more."""
        return self._ended is not None

    def submit(self, function: str, *arguments: Any) -> Future[Any]:
        """Ask for ``fmnist.inference.worker.<function>(*arguments)`` without waiting.

        The future raises what the function raised, or ``WorkerEndedError``.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._ended is not None:
                future.set_exception(self._ended)
                return future
            self._waiting.append(future)
            try:
                pickle.dump((function, arguments), self._questions)
                self._questions.flush()
            except OSError:  # it has just ended; the receiving thread will say so
                pass
        return future

    def kill(self) -> None:
        """End the process; what was asked and not answered raises ``WorkerEndedError``."""
        self._process.kill()

    def _receive(self) -> None:
        try:
            while True:
                is_error, value = pickle.load(self._answers)
                future = self._waiting.popleft()
                if is_error:
                    future.set_exception(value)
                else:
                    future.set_result(value)
        except (EOFError, OSError, pickle.UnpicklingError):
            self._process.kill()
        ended = WorkerEndedError(self._process.wait())
        with self._lock:
            self._ended = ended
        for future in self._waiting:
            future.set_exception(ended)
