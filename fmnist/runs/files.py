"""Files that are never seen half written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from fmnist.errors import RunError


def write_bytes_atomically(path: Path, data: bytes) -> None:
    """Replace a file so that a reader sees the old content or the new, never a part.

    The content reaches the disk before the name does, so a power cut leaves one or the other.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object atomically, indented, one newline at the end."""
    write_bytes_atomically(path, (json.dumps(value, indent=1) + "\n").encode())


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
