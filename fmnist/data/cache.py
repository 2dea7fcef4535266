"""Cache parsed arrays on disk, memory-mapped by every process.

::

    cache_dir()/
        arrays/<content key>/   x_train.npy  y_train.npy  x_test.npy  y_test.npy  meta.json
        links/<stat key>        the content key of files with these paths, sizes and times

The content key is a hash of the source files' content: a copy, a touch or another folder gives the
same key. A link saves later starts from reading the sources to compute their key. An entry is built
in a temporary folder and renamed into place, so other processes see all of it or nothing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError
from typing import Any, Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.data.dataset import ARRAY_NAMES, UInt8Array
from fmnist.errors import CacheError, DataError, is_disk_full
from fmnist.settings import cache_dir

_FORMAT: Final = 1
"""Version of an entry's content; entries of another version are built again."""

_MAX_META_BYTES: Final = 1 << 16
_KEY: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry:
    """Four read-only memory-mapped arrays and their metadata."""

    key: str
    arrays: dict[str, UInt8Array]
    fingerprints: dict[str, str]
    meta: dict[str, Any]


def open_entry(key: str) -> Entry | None:
    """Return the entry under ``key``; None if it is missing, damaged or in another format."""
    folder = _entry_folder(key)
    try:
        record = json.loads(_read_start(folder / "meta.json", _MAX_META_BYTES))
        if record["format"] != _FORMAT:
            return None
        arrays = {}
        for name in ARRAY_NAMES:
            path = folder / f"{name}.npy"
            if not path.is_file() or path.stat().st_size != record["sizes"][name]:
                return None
            arrays[name] = np.load(path, mmap_mode="r", allow_pickle=False)
        fingerprints, meta = dict(record["fingerprints"]), dict(record["meta"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError, TokenError):
        return None
    are_whole = _is_split(arrays, "train") and _is_split(arrays, "test")
    return Entry(key, arrays, fingerprints, meta) if are_whole else None


def _is_split(arrays: Mapping[str, UInt8Array], split: str) -> bool:
    """Return whether a split's arrays are images with one label each."""
    x, y = arrays[f"x_{split}"], arrays[f"y_{split}"]
    is_shaped = x.shape == (len(x), *IMAGE_SHAPE) and y.shape == (len(x),)
    is_typed = x.dtype == np.uint8 == y.dtype and len(x) > 0
    return is_shaped and is_typed and int(y.max()) < N_CLASSES


def _read_start(path: Path, n_bytes: int) -> str:
    """Return the first ``n_bytes`` of a text file; a folder or pipe raises an ``OSError``."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(n_bytes).decode("utf-8")


def store_entry(key: str, arrays: Mapping[str, UInt8Array], meta: Mapping[str, Any]) -> Entry:
    """Write ``arrays`` and ``meta`` (JSON values) under ``key`` and return them memory-mapped.

    An entry stored by another process in the meantime is kept and returned.

    Raises:
        CacheError: The cache folder can't be written, or the disk is full.
    """
    fingerprints = {
        split: compute_fingerprint(arrays[f"x_{split}"], arrays[f"y_{split}"])
        for split in ("train", "test")
    }
    needed = sum(array.nbytes for array in arrays.values())
    with _cache_errors(needed):
        parent = _entry_folder(key).parent
        parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=parent))
        try:
            for name in ARRAY_NAMES:
                np.save(building / f"{name}.npy", arrays[name], allow_pickle=False)
            sizes = {name: (building / f"{name}.npy").stat().st_size for name in ARRAY_NAMES}
            record = {
                "format": _FORMAT,
                "sizes": sizes,
                "fingerprints": fingerprints,
                "meta": dict(meta),
            }
            (building / "meta.json").write_text(json.dumps(record, indent=1), "utf-8")
            _put_in_place(building, key)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    entry = open_entry(key)
    if entry is None:
        raise CacheError(
            f"The arrays just written to {_entry_folder(key)} can't be read back. Check the disk, "
            "or set FMNIST_CACHE to a folder on another one."
        )
    return entry


def _put_in_place(building: Path, key: str) -> None:
    target = _entry_folder(key)
    building.chmod(0o755)
    try:
        building.rename(target)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} and not target.exists():
            raise
        if open_entry(key) is not None:
            return
        # A damaged entry has this name; processes with open mappings keep them.
        broken = Path(tempfile.mkdtemp(prefix=".broken-", dir=target.parent))
        with contextlib.suppress(FileNotFoundError):
            target.rename(broken / "entry")
        shutil.rmtree(broken, ignore_errors=True)
        building.rename(target)


def compute_stat_key(paths: tuple[Path, ...]) -> str:
    """Return a hex hash of the files' paths, sizes and modification times.

    Raises:
        DataError: A file is missing or its folder can't be read.
    """
    parts = []
    for path in paths:
        try:
            status = path.stat()
        except OSError as error:
            raise DataError(
                f"{path.name} can't be read ({error.strerror}). Put it back and load again."
            ) from error
        parts.append((str(path.absolute()), status.st_size, status.st_mtime_ns))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def find_key(stat_key: str) -> str | None:
    """Return the content key linked to ``stat_key``, or None."""
    try:
        key = _read_start(cache_dir() / "links" / stat_key, _MAX_META_BYTES).strip()
    except (OSError, UnicodeDecodeError):
        return None
    return key if _KEY.fullmatch(key) else None


def store_key(stat_key: str, key: str) -> None:
    """Link ``stat_key`` to ``key``; with a read-only cache, later starts hash the files again."""
    links = cache_dir() / "links"
    with contextlib.suppress(OSError):
        links.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=links)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
        Path(temporary).replace(links / stat_key)


def compute_fingerprint(images: UInt8Array, labels: UInt8Array) -> str:
    """Return a hex hash (SHA-256) of one split's decoded pixels and labels."""
    digest = hashlib.sha256(f"{images.shape}".encode("ascii"))
    digest.update(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()


def _entry_folder(key: str) -> Path:
    return cache_dir() / "arrays" / key


@contextlib.contextmanager
def _cache_errors(needed: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        folder, megabytes = cache_dir(), needed / 1e6
        if is_disk_full(error):
            raise CacheError(
                f"The disk of the cache folder {folder} is full: free {megabytes:,.0f} MB there, "
                "or set FMNIST_CACHE to a folder on another disk. The data files are fine."
            ) from error
        raise CacheError(
            f"The cache folder {folder} can't be written ({error.strerror or error}): give write "
            f"permission, or set FMNIST_CACHE to a folder with {megabytes:,.0f} MB of free space. "
            "The data files are fine."
        ) from error
