"""A cache of the content of run files, kept until a file changes.

A page looks at every run of the folder, many sessions look at the same ones, and a finished run
no longer changes. A file is read again when its inode, size or times differ.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class _Entry:
    signature: tuple[int, ...]
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
    """Return ``read(path)``, or what it returned or raised while the file was the same.

    Args:
        path: the file; None is returned if there is none.
        kind: names ``read``, so that a file can be read in several ways.
        read: returns a value that all callers share and no one changes, or raises ``RunError``.

    Raises:
        RunError: from ``read``.
    """
    try:
        found = path.stat()
    except OSError:
        return read(path)  # it reports a missing file
    # The size comes last: the cache weighs an entry by it.
    signature = (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)
    key = (path, kind)
    with _lock:
        entry = _entries.get(key)
    if entry is None or entry.signature != signature:
        entry = _read(path, signature, read)
        newest = max(found.st_mtime_ns, found.st_ctime_ns)
        if time.time_ns() - newest > _SETTLED_NS and _weigh(entry) <= _entries.maxsize:
            with _lock:
                _entries[key] = entry
    if entry.error is not None:
        raise RunError(entry.error)
    value: T | None = entry.value
    return value


def _read(path: Path, signature: tuple[int, ...], read: Callable[[Path], Any]) -> _Entry:
    try:
        return _Entry(signature, read(path), None)
    except RunError as error:
        return _Entry(signature, None, str(error))
