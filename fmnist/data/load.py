"""Opens the data set from the cache, or parses, checks and caches its files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from fmnist.data.cache import (
    Entry,
    compute_stat_key,
    find_key,
    open_entry,
    store_entry,
    store_key,
)
from fmnist.data.csv_read import load_csv
from fmnist.data.dataset import (
    Dataset,
    Progress,
    Source,
    SourceFile,
    UInt8Array,
    ignore_progress,
    short_path,
)
from fmnist.data.demo import build_demo, compute_demo_key
from fmnist.data.download import download_folder, download_once
from fmnist.data.idx import load_idx
from fmnist.data.open_file import open_regular
from fmnist.data.sources import FoundFiles, find_files, join_some, list_unused
from fmnist.errors import DataError, DownloadError
from fmnist.settings import MAX_DATA_FILE_BYTES, archive_dir, is_offline

_OFFICIAL_ROWS: Final = {"train": 60_000, "test": 10_000}

_BLOCK: Final = 1 << 20


def load_dataset(progress: Progress | None = None, *, download: bool = True) -> Dataset:
    """Return the data set, parsed and cached the first time.

    Sources are tried in this order: the archive, an earlier download, a new download of the
    official files and, if the archive holds no data files, the demo set, whose notes say why.

    Args:
        progress: Called with the current step and the fraction done, 0 to 1.
        download: False to stay offline, as does ``FMNIST_OFFLINE=1``.

    Raises:
        DataError: A file of the archive is broken, of another format or under another name, or
            part of a set is missing.
        CacheError: The cache folder can't be written.
    """
    report = progress or ignore_progress
    found = find_files(archive_dir()) or find_files(download_folder())
    if found is not None:
        return _load_found(found, report)
    reason = "Downloads are switched off."
    if download and not is_offline():
        try:
            return _load_found(download_once(report), report)
        except DownloadError as error:
            reason = str(error)
    unused = list_unused(archive_dir())
    fault = f"{short_path(archive_dir())} has no complete data set."
    remedy = "Put the two CSV files or the four IDX files of Fashion-MNIST there"
    if unused:
        raise DataError(
            f"{fault} {join_some(unused, ' ')} {remedy}, or remove the other files to use the "
            "demo set."
        )
    return _load_demo((f"{fault} {reason} {remedy}.",), report)


def load_demo_dataset(progress: Progress | None = None) -> Dataset:
    """Return the demo set, regardless of the archive.

    Raises:
        CacheError: The cache folder can't be written.
    """
    return _load_demo((), progress or ignore_progress)


def _load_demo(notes: tuple[str, ...], progress: Progress) -> Dataset:
    key = compute_demo_key()
    entry = open_entry(key) or store_entry(key, build_demo(progress), {})
    progress("Ready", 1.0)
    return _build_dataset(entry, "demo", None, (), notes)


def _load_found(found: FoundFiles, progress: Progress) -> Dataset:
    paths = tuple(dict.fromkeys(file.path for file in found.files))
    stat_key = compute_stat_key(paths)
    key = find_key(stat_key)
    entry = open_entry(key) if key else None
    if entry is None:
        progress("Checking the files", 0.0)
        entry = _parse_and_store(found, paths, stat_key, progress)
        store_key(stat_key, entry.key)
    progress("Ready", 1.0)
    kind: Literal["csv", "idx", "download"] = found.format
    if found.folder == download_folder():
        kind = "download"
    files = tuple(
        SourceFile(
            file.name,
            record["rows"],
            record["size"],
            record["md5"],
            # An entry written before layouts other than the standard one were read lacks it.
            record.get("first_line", 2) if found.format == "csv" else None,
        )
        for file, record in zip(found.files, entry.meta["files"], strict=True)
    )
    return _build_dataset(
        entry, kind, str(found.folder), files, (*_count_notes(entry.arrays), *found.notes)
    )


def _parse_and_store(
    found: FoundFiles, paths: tuple[Path, ...], stat_key: str, progress: Progress
) -> Entry:
    """Read, check and cache the files, unless a copy of the same content already is."""
    hashes = {path: _hash_file(path) for path in paths}
    # A zip may hold both CSVs: its members take part in the key beside its content.
    parts = [(hashes[file.path].content, file.member) for file in found.files]
    key = hashlib.sha256(repr((found.format, parts)).encode()).hexdigest()
    entry = open_entry(key)
    if entry is None:
        first_lines: tuple[int | None, ...] = (None,) * len(found.files)
        if found.format == "csv":
            arrays, first_lines = load_csv(found.files, progress)
        else:
            arrays = load_idx(found.files, progress)
        if compute_stat_key(paths) != stat_key:
            raise DataError(
                f"A file in {short_path(found.folder)} changed while it was read: "
                "wait until it is complete, then load again."
            )
        files = _describe_files(found, hashes, arrays, first_lines)
        entry = store_entry(key, arrays, {"files": files})
    return entry


def _build_dataset(
    entry: Entry,
    kind: Literal["csv", "idx", "download", "demo"],
    folder: str | None,
    files: tuple[SourceFile, ...],
    notes: tuple[str, ...],
) -> Dataset:
    arrays = entry.arrays
    source = Source(kind, folder, files, notes, len(arrays["y_train"]), len(arrays["y_test"]))
    return Dataset(**arrays, source=source, fingerprints=entry.fingerprints)


def _count_notes(arrays: dict[str, UInt8Array]) -> tuple[str, ...]:
    return tuple(
        f"{split} has {len(arrays[f'y_{split}']):,} rows instead of {official:,}"
        for split, official in _OFFICIAL_ROWS.items()
        if len(arrays[f"y_{split}"]) != official
    )


def _describe_files(
    found: FoundFiles,
    hashes: dict[Path, _Hashes],
    arrays: dict[str, UInt8Array],
    first_lines: tuple[int | None, ...],
) -> list[dict[str, Any]]:
    n_train, n_test = len(arrays["y_train"]), len(arrays["y_test"])
    rows = (n_train, n_test) if found.format == "csv" else (n_train, n_train, n_test, n_test)
    return [
        {
            "rows": n,
            "size": hashes[file.path].size,
            "md5": hashes[file.path].md5,
            "first_line": line,
        }
        for file, n, line in zip(found.files, rows, first_lines, strict=True)
    ]


@dataclass(frozen=True)
class _Hashes:
    content: str
    md5: str
    size: int


def _hash_file(path: Path) -> _Hashes:
    """Return a file's SHA-256, for the cache key, and MD5, to compare with the published one."""
    content, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    try:
        with open_regular(path) as file:
            while block := file.read(_BLOCK):
                content.update(block)
                md5.update(block)
                size += len(block)
                if size > MAX_DATA_FILE_BYTES:
                    raise DataError(f"{path.name} is still growing: wait, then load again.")
    except OSError as error:
        raise DataError(
            f"{path.name} can't be read ({error.strerror}): give read permission to {path}."
        ) from error
    return _Hashes(content.hexdigest(), md5.hexdigest(), size)
