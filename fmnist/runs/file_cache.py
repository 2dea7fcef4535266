"""A cache of the content of run files, kept until a file changes.

A page looks at every run of the folder, many sessions look at the same ones, and a finished run
no longer changes. A file is read again when its inode, size or times differ.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from cachetools import LRUCache

from fmnist import settings
from fmnist.errors import RunError

T = TypeVar("T")

_SETTLED_NS: Final = 100_000_000
"""A file changed less than 0.1 s ago may change again without a new time, as git says about its
index: file systems count time in steps of up to a few hundredths of a second."""

_OVERHEAD: Final = 2_000
"""Bytes that an entry takes besides the content."""


Signature = tuple[int, ...]
"""What differs once a file was replaced or written: inode, two times, and last the size, by which
the cache weighs an entry."""


def sign_file(path: str) -> Signature | None:
    """Return the signature of a file; None if there is none.

    Args:
        path: as text: to make a ``Path`` of each of 60,000 takes half a second.
    """
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size


@dataclass(frozen=True, slots=True)
class _Entry:
    signature: Signature
    value: Any
    error: str | None


def _weigh(entry: _Entry) -> int:
    size = 0 if entry.error is not None else entry.signature[-1]
    return size + _OVERHEAD


_entries: LRUCache[tuple[Path, str], _Entry] = LRUCache(
    settings.MAX_CACHED_FILE_BYTES, getsizeof=_weigh
)
_lock = threading.Lock()


def read_cached(path: Path, kind: str, read: Callable[[Path], T | None]) -> T | None:
    """Return ``read(path)``, or its cached value or error if the file is unchanged.

    Args:
        path: the file; None is returned if there is none.
        kind: identifies ``read``, since a file may be read in several ways.
        read: returns a value that all callers share and must not modify, or raises ``RunError``.

    Raises:
        RunError: from ``read``.
    """
    signature = sign_file(str(path))
    if signature is None:
        return read(path)  # it reports a missing file
    key = (path, kind)
    with _lock:
        entry = _entries.get(key)
    if entry is None or entry.signature != signature:
        entry = _read(path, signature, read)
        if is_settled(signature) and _weigh(entry) <= _entries.maxsize:
            with _lock:
                _entries[key] = entry
    if entry.error is not None:
        raise RunError(entry.error)
    value: T | None = entry.value
    return value


def is_settled(signature: Signature) -> bool:
    """Return whether a file's next change will have another time.

    Args:
        signature: of the file.
    """
    return time.time_ns() - max(signature[1:3]) > _SETTLED_NS


def _read(path: Path, signature: Signature, read: Callable[[Path], Any]) -> _Entry:
    try:
        return _Entry(signature, read(path), None)
    except RunError as error:
        return _Entry(signature, None, str(error))
