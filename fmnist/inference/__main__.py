"""The inference worker: ``python -m fmnist.inference`` answers on its standard output.

Each question on standard input is a pickled pair: the name of a function of
``fmnist.inference.worker`` and its arguments. Each answer is a pickled pair: whether it is an
error, and the value or the error. The process ends with its standard input.
"""

from __future__ import annotations

import importlib
import os
import pickle
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fmnist.errors import FmnistError, InferenceError, is_memory_error

_Question = tuple[str, tuple[Any, ...]]


def answer(function: str, arguments: tuple[Any, ...]) -> tuple[bool, Any]:
    """Call a function of the worker and return whether it failed, and its value or error.

    Every failure becomes an ``FmnistError`` whose message names the cause and the remedy.
    """
    try:
        with _mute_standard_error():
            worker = importlib.import_module("fmnist.inference.worker")
    except Exception as error:  # noqa: BLE001
        return True, InferenceError(
            f"Keras and TensorFlow can't be loaded: {_describe(error)}. Install the packages of "
            "requirements.txt again."
        )
    try:
        return False, getattr(worker, function)(*arguments)
    # The boundary of the process: the page shows whatever went wrong.
    except Exception as error:  # noqa: BLE001
        return True, explain_error(error)


def explain_error(error: Exception) -> FmnistError:
    """Return an error for a person: of memory, of a file, or of the network itself."""
    if isinstance(error, FmnistError):
        return error
    if is_memory_error(error):
        return InferenceError(
            "The memory ran out while the network was computing. Close other programs and try "
            "again."
        )
    if isinstance(error, OSError):
        where = error.filename or "A file of the network"
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


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    questions: queue.SimpleQueue[_Question] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        pickle.dump(answer(*questions.get()), answers)
        answers.flush()


def _listen(questions: queue.SimpleQueue[_Question]) -> None:
    """Take questions even while one is being answered, so that the end of the server is seen."""
    try:
        while True:
            questions.put(pickle.load(sys.stdin.buffer))
    except (EOFError, OSError):
        os._exit(0)


if __name__ == "__main__":
    main()
