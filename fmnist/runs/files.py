"""Writes files atomically, and reads JSON and CSV files that may be damaged or untrusted."""

from __future__ import annotations

import io
import itertools
import json
import os
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import numpy as np
import psutil
from numpy.typing import NDArray

from fmnist import settings
from fmnist.errors import RunError
from fmnist.regular_file import read_regular_file

_HALF: Final = 0.501
"""Half the range of an accuracy: the mean of few batches, a difference, may be off by rounding."""

_MAX_EPOCHS: Final = 1e6

_MAX_HEADER: Final = 1000
"""Longest first line of a CSV file: ours has 70 characters."""

_MAX_ROWS: Final = 2_000_000
"""Most lines of a CSV file: as many as ``MAX_CURVE_BYTES`` hold of the shortest of ours."""


@contextmanager
def replace_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Write a temporary file that replaces ``path`` once the block has ended without an error.

    Readers see either the old or the new content, never a part of it, even if this process is
    killed.

    Args:
        path: the file to replace.
        durable: flush the content before the name, and the name before leaving the block, so that
            this also holds for a power failure, which may otherwise leave an empty file. Waits for
            the disk twice.

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
    except OSError as error:  # the error of a full disk doesn't name the file
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
    """Read a JSON object, or None if there is no such file.

    Stricter than ``json.loads``: no NaN or Infinity, no lone surrogates, no other encoding than
    UTF-8, limited in size and depth.

    Raises:
        RunError: the file can't be read or isn't such a JSON object; the message names it.
    """
    try:
        value = msgspec.json.decode(read_regular_file(path, settings.MAX_RECORD_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        raise RunError(
            f"{path} can't be read: {explain_failure(error)}. Delete the run or restore the file."
        ) from error
    if not isinstance(value, dict):
        raise RunError(f"{path} does not hold a JSON object. Delete the run or restore the file.")
    return value


def explain_failure(error: BaseException) -> str:
    """Return why a file can't be read, without its name, which the message already contains."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error).rstrip(".") or type(error).__name__


def move_aside(path: Path) -> None:
    """Rename what is at ``path``, if anything, to the first of ``path.2``, ``path.3``, … not taken.

    Raises:
        OSError: it can't be renamed.
    """
    if path.exists():
        names = (path.with_name(f"{path.name}.{number}") for number in itertools.count(2))
        path.rename(next(name for name in names if not name.exists()))


def sync_folder(folder: Path) -> None:
    """Wait until the file names in a folder are on disk; does nothing on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files left in a folder by killed processes."""
    for path in folder.glob(".*.tmp*"):
        pid = path.name.split(".")[-2].partition("-")[0]
        if not (pid.isdigit() and psutil.pid_exists(int(pid))):
            path.unlink(missing_ok=True)


def load_columns(
    path: Path, columns: Collection[str] = (), *, is_finite: bool = True
) -> dict[str, NDArray[np.float64]]:
    """Read a CSV of numbers by column, {} if there is none; an incomplete last line is dropped.

    Args:
        path: the file.
        columns: the columns that it must have.
        is_finite: whether to refuse NaN and infinity, which the steps of a diverged run contain.

    Returns:
        float64 ``(n,)`` for each column, all of one length; accuracies lie between 0 and 1.

    Raises:
        RunError: it can't be read, or a value isn't such a number; the message names it.
    """
    try:
        text = read_regular_file(path, settings.MAX_CURVE_BYTES).decode()
        found = _parse_columns(text[: text.rfind("\n") + 1], is_finite=is_finite)
        if found and (missing := [name for name in columns if name not in found]):
            raise ValueError(f"it lacks the column {missing[0]}")  # noqa: TRY301
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, MemoryError) as error:
        raise RunError(
            f"{path} is damaged: {explain_failure(error)}. Resuming the run writes it again."
        ) from error
    return found


def _parse_columns(text: str, *, is_finite: bool) -> dict[str, NDArray[np.float64]]:
    header, _, body = text.partition("\n")
    if not header.strip():
        return {}
    rows = body.count("\n")
    # Before anything is split: a line of a million commas would become a million objects.
    if len(header) > _MAX_HEADER or rows > _MAX_ROWS or body.count(",") != rows * header.count(","):
        raise ValueError("its lines do not have one value for each column")
    names = [name.strip() for name in header.split(",")]
    if len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
        raise ValueError("its first line does not name its columns")
    values = np.zeros((0, len(names)))
    if body.strip():
        values = np.loadtxt(io.StringIO(body), delimiter=",", ndmin=2, comments=None)
    if values.shape[1] != len(names):
        raise ValueError(f"it has {len(names)} names for {values.shape[1]} columns")
    if is_finite and not np.isfinite(values).all():
        raise ValueError("it holds NaN or infinity")
    columns = {name: values[:, i] for i, name in enumerate(names)}
    for name, column in columns.items():
        if name.endswith("accuracy") and (bad := column[np.abs(column - 0.5) > _HALF]).size:
            raise ValueError(f"the {name} {bad[0]:g} is not between 0 and 1")
        if name == "epoch" and (bad := column[np.abs(column) > _MAX_EPOCHS]).size:
            raise ValueError(f"there is no epoch {bad[0]:g}")
        column.flags.writeable = False  # all readers share this array
    return columns
