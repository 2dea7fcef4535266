"""The common parts of the two processes that hold networks: their client and their answers.

``python -m fmnist.onnx_worker`` answers with ONNX Runtime; ``python -m fmnist.keras_worker`` does
what needs Keras. Both answer over pipes (``fmnist.worker_process``), and say in words what failed.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fmnist import settings
from fmnist.errors import (
    FmnistError,
    InferenceError,
    explain_write_error,
    is_disk_full,
    is_memory_error,
)
from fmnist.worker_process import (
    OUT_OF_MEMORY,
    Answer,
    WorkerEndedError,
    WorkerHungError,
    WorkerProcess,
)


class NetworkProcess:
    """One process for all sessions, started by the first question; a dead one is replaced."""

    def __init__(self, module: str, libraries: str, environment: Mapping[str, str]) -> None:
        """Start nothing yet.

        Args:
            module: what the process runs.
            libraries: what it imports first, for messages.
            environment: variables added to this process's own.
        """
        self._module = module
        self._libraries = libraries
        self._environment = environment
        self._worker: WorkerProcess | None = None
        self._lock = threading.Lock()

    def start(self) -> WorkerProcess:
        """Return the process, started if there is none, without waiting for its libraries.

        Raises:
            InferenceError: it can't be started.
        """
        with self._lock:
            if self._worker is None or self._worker.has_ended:
                try:
                    self._worker = WorkerProcess(self._module, self._environment)
                except OSError as error:
                    raise InferenceError(
                        "The process that runs networks can't be started: "
                        f"{error.strerror or error}. Close other programs and try again."
                    ) from error
            return self._worker

    def call(self, function: str, *arguments: Any, seconds: float) -> Any:
        """Return what a function of the process returns.

        Args:
            function: its name.
            arguments: pickled.
            seconds: how long it may take, and each question before it.

        Raises:
            InferenceError: it failed, took longer, or the process ended twice.
        """
        try:
            return self._ask(function, arguments, seconds)
        except WorkerEndedError:  # killed by a person or for its memory: ask a new one, once
            pass
        try:
            return self._ask(function, arguments, seconds)
        except WorkerEndedError as error:
            raise InferenceError(_explain_end(error.exit_code)) from error

    def end(self) -> None:
        """End the process; the next question starts another."""
        with self._lock:
            if self._worker is not None:
                self._worker.kill()

    def _ask(self, function: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        try:
            return self.start().ask(
                function, *arguments, seconds=seconds, start_seconds=settings.WORKER_START_SECONDS
            )
        except WorkerHungError as error:
            raise InferenceError(self._explain_delay(error)) from error

    def _explain_delay(self, error: WorkerHungError) -> str:
        if not error.is_warm:
            return (
                f"{self._libraries} did not start within {error.seconds:.0f} seconds; the process "
                "was ended. Close other programs and try again."
            )
        return (
            f"The network did not answer within {error.seconds:.0f} seconds; the process that runs "
            "it was ended. Try again, or choose a smaller network."
        )


def _explain_end(exit_code: int) -> str:
    if exit_code == OUT_OF_MEMORY:
        return (
            "The memory ran out while the network was computing, in a new process too. The run is "
            "fine: close other programs, or let running trainings end, and try again."
        )
    if exit_code < 0:
        return (
            f"The process that runs networks was killed twice (signal {-exit_code}), perhaps for "
            "lack of memory. Close other programs and try again."
        )
    return (
        f"The process that runs networks ended twice with exit status {exit_code}. The output of "
        "the server or command says why."
    )


def answer_with(module: str, libraries: str, function: str, arguments: tuple[Any, ...]) -> Answer:
    """Call a function, in the process, and return whether it failed, and its value or error.

    Every failure becomes an ``FmnistError`` whose message names the cause and the remedy.

    Args:
        module: has the functions; imported by the first call.
        libraries: what the module imports, for messages.
        function: name of the function.
        arguments: the arguments of the function.

    Raises:
        MemoryError: the memory ran out, whatever the libraries call it.
    """
    try:
        with mute_standard_error():
            functions = importlib.import_module(module)
    except Exception as error:
        if is_memory_error(error):
            raise MemoryError from error
        return True, InferenceError(
            f"{libraries} can't be loaded: {_describe(error)}. Install the packages of "
            "requirements.txt again."
        )
    try:
        return False, getattr(functions, function)(*arguments)
    # The boundary of the process: the page shows any error.
    except Exception as error:
        if is_memory_error(error):
            raise MemoryError from error
        return True, explain_error(error)


def explain_error(error: Exception) -> FmnistError:
    """Return an error for a person: of a file, or of the network itself."""
    if isinstance(error, FmnistError):
        return error
    if isinstance(error, OSError):
        where = error.filename or "A file of the network"
        if is_disk_full(error):
            return InferenceError(explain_write_error(error, where))
        return InferenceError(
            f"{where} can't be read or written: {error.strerror or error}. Check the disk and the "
            "permissions."
        )
    return InferenceError(
        f"The network can't be run: {_describe(error)}. Choose another run; one that was trained "
        "with this version of the program can be run."
    )


def _describe(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0].rstrip('.') if lines else 'no message'}"


@contextmanager
def mute_standard_error() -> Iterator[None]:
    """Drop what C++ code logs whatever log level is set, such as TensorFlow's during its import."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
