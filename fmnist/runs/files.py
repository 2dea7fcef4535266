"""Write files atomically, and read JSON and CSV files."""

from __future__ import annotations

import csv
import itertools
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import psutil
from numpy.typing import NDArray

from fmnist.errors import RunError


@contextmanager
def replace_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Write a temporary file that replaces ``path`` once the block has ended without an error.

    Readers see the old content or the new, never a part of it, even if this process is killed.

    Args:
        path: the file to replace.
        durable: the content reaches the disk before the name does, and the name before the
            block is left, so that this holds for a power cut, too. It costs two waits for the disk;
            without it a power cut may leave an empty file.

    Raises:
        OSError: it can't be written; the error names ``path``.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:  # the error of a full disk names no file
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file as a whole, as ``replace_file`` does.

    Raises:
        OSError: it can't be written; the error names ``path``.
    """
    with replace_file(path, durable=durable) as file:
        file.write(data)


def write_json(path: Path, value: dict[str, Any], *, durable: bool = True) -> None:
    """Write a JSON object atomically, indented, one newline at the end."""
    write_bytes_atomically(path, encode_json(value), durable=durable)


def encode_json(value: dict[str, Any]) -> bytes:
    """Return a JSON object as ``write_json`` writes it."""
    return (json.dumps(value, indent=1) + "\n").encode()


def load_json(path: Path) -> dict[str, Any] | None:
    """Read a JSON object, or None where there is no such file.

    Raises:
        RunError: the file can't be read or is no JSON object; the message names it.
    """
    try:
        value = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise RunError(
            f"{path} can't be read: {error}. Delete the run or restore the file."
        ) from error
    if not isinstance(value, dict):
        raise RunError(f"{path} holds no JSON object. Delete the run or restore the file.")
    return value


def move_aside(path: Path) -> None:
    """Rename what is at ``path``, if anything, to the first of ``path.2``, ``path.3``, … not taken.

    Raises:
        OSError: it can't be renamed.
    """
    if path.exists():
        names = (path.with_name(f"{path.name}.{number}") for number in itertools.count(2))
        path.rename(next(name for name in names if not name.exists()))


def sync_folder(folder: Path) -> None:
    """Wait until the file names in a folder are on the disk; does nothing on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder."""
    for path in folder.glob(".*.tmp*"):
        pid = path.name.split(".")[-2].partition("-")[0]
        if not (pid.isdigit() and psutil.pid_exists(int(pid))):
            path.unlink(missing_ok=True)


def load_columns(path: Path) -> dict[str, NDArray[np.float64]]:
    """Read a CSV of numbers by column; an incomplete last line is left out.

    Raises:
        RunError: something in it is no number.
    """
    try:
        with path.open(newline="") as file:
            text = file.read()
    except OSError:
        return {}
    rows = list(csv.reader(text[: text.rfind("\n") + 1].splitlines()))
    if not rows:
        return {}
    header, *body = rows
    try:
        values = np.array(body, dtype=np.float64).reshape(len(body), len(header))
    except ValueError as error:
        raise RunError(f"{path} is damaged: {error}. Resuming the run writes it again.") from error
    return {name: values[:, i] for i, name in enumerate(header)}
