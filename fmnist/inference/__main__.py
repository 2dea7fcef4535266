"""The inference worker: ``python -m fmnist.inference`` answers on its standard output.

Each question names a function of ``fmnist.inference.worker``; see ``fmnist.worker_process``.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fmnist.errors import (
    FmnistError,
    InferenceError,
    explain_write_error,
    is_disk_full,
    is_memory_error,
)
from fmnist.worker_process import Answer, answer_questions


def answer(function: str, arguments: tuple[Any, ...]) -> Answer:
    """Call a function of the worker and return whether it failed, and its value or error.

    Every failure becomes an ``FmnistError`` whose message names the cause and the remedy.

    Raises:
        MemoryError: the memory ran out, whatever the libraries call it.
    """
    try:
        with _mute_standard_error():
            worker = importlib.import_module("fmnist.inference.worker")
    except Exception as error:
        if is_memory_error(error):
            raise MemoryError from error
        return True, InferenceError(
            f"Keras and TensorFlow can't be loaded: {_describe(error)}. Install the packages of "
            "requirements.txt again."
        )
    try:
        return False, getattr(worker, function)(*arguments)
    # The boundary of the process: the page shows whatever went wrong.
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
def _mute_standard_error() -> Iterator[None]:
    """Drop what TensorFlow's C++ code logs during its import, before it reads any log level."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


if __name__ == "__main__":
    answer_questions(answer)
