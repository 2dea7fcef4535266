"""Find the data set's files in a folder, the two CSVs before the four IDX files, and open them."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, cast

from fmnist.data.dataset import short_path
from fmnist.errors import DataError

CSV_NAMES: Final = ("fashion-mnist_train.csv", "fashion-mnist_test.csv")
"""The names of Kaggle's ``zalando-research/fashionmnist``; each also as ``.gz`` or in a zip."""

IDX_NAMES: Final = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The official names, in the order of ``ARRAY_NAMES``; each also as ``.gz``."""


@dataclass(frozen=True)
class DataFile:
    """One file of the data set on disk; ``member`` is its name inside a zip, else None."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name that messages use."""
        return self.path.name if self.member is None else f"{self.path.name} ({self.member})"


@dataclass(frozen=True)
class FoundFiles:
    """A complete set: train and test for ``csv``, the four of ``IDX_NAMES`` for ``idx``."""

    format: Literal["csv", "idx"]
    folder: Path
    files: tuple[DataFile, ...]


def find_files(folder: Path) -> FoundFiles | None:
    """Return the complete set that lies in ``folder``, or None when nothing of it does.

    Raises:
        DataError: The folder can't be listed, a zip in it is broken, or a part of a set is missing.
    """
    try:
        names = {path.name for path in folder.iterdir()} if folder.exists() else set()
    except OSError as error:
        raise DataError(
            f"{short_path(folder)} can't be listed ({error.strerror}): give read permission, "
            "or point FMNIST_ARCHIVE to another folder."
        ) from error
    csv_files = _find_csv(folder, names)
    if csv_files is not None:
        return FoundFiles("csv", folder, csv_files)
    idx_files = [_find_plain(folder, names, name) for name in IDX_NAMES]
    complete = _require_all(folder, IDX_NAMES, idx_files)
    return None if complete is None else FoundFiles("idx", folder, complete)


def _find_csv(folder: Path, names: set[str]) -> tuple[DataFile, ...] | None:
    files = [_find_plain(folder, names, name) for name in CSV_NAMES]
    if None in files:
        zipped = _list_zips(folder, names)
        files = [file or zipped.get(name) for file, name in zip(files, CSV_NAMES, strict=True)]
    return _require_all(folder, CSV_NAMES, files)


def _find_plain(folder: Path, names: set[str], name: str) -> DataFile | None:
    for candidate in (name, f"{name}.gz"):
        if candidate in names:
            return DataFile(folder / candidate)
    return None


def _list_zips(folder: Path, names: set[str]) -> dict[str, DataFile]:
    """Map each CSV name to the first zip, by name, that holds it."""
    found: dict[str, DataFile] = {}
    for zip_name in sorted(name for name in names if name.lower().endswith(".zip")):
        try:
            with zipfile.ZipFile(folder / zip_name) as archive:
                members = archive.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            raise DataError(
                f"{zip_name} in {short_path(folder)} is not a readable zip ({error}): "
                "download it again, or take it out of the folder."
            ) from error
        for member in members:
            base = member.rpartition("/")[2]
            if base in CSV_NAMES and not member.startswith("__MACOSX"):
                found.setdefault(base, DataFile(folder / zip_name, member))
    return found


def _require_all(
    folder: Path, names: tuple[str, ...], files: list[DataFile | None]
) -> tuple[DataFile, ...] | None:
    present = tuple(file for file in files if file is not None)
    if not present:
        return None
    missing = [name for name, file in zip(names, files, strict=True) if file is None]
    if missing:
        have = ", ".join(file.name for file in present)
        raise DataError(
            f"{short_path(folder)} has {have} but not {', '.join(missing)}: all "
            f"{len(names)} are needed. Put the missing file there, or take the other away."
        )
    return present


@contextlib.contextmanager
def open_stream(file: DataFile) -> Iterator[tuple[IO[bytes], Callable[[], float]]]:
    """Open a file for reading what it holds, unpacked, and a function that tells the share read.

    Raises:
        DataError: It can't be opened, or inside the block: can't be read or unpacked.
    """
    path = file.path
    try:
        with path.open("rb") as raw, contextlib.ExitStack() as stack:
            size = max(path.stat().st_size, 1)
            if file.member is not None:
                packed = stack.enter_context(zipfile.ZipFile(raw))
                member = stack.enter_context(_open_member(packed, file))
                size = max(packed.getinfo(file.member).file_size, 1)
                yield member, lambda: member.tell() / size
            elif path.suffix == ".gz":
                unpacked = stack.enter_context(gzip.open(raw))
                yield cast("IO[bytes]", unpacked), lambda: raw.tell() / size
            else:
                yield raw, lambda: raw.tell() / size
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(
            f"{file.name} is truncated or damaged ({error}). Download the file again."
        ) from error
    except OSError as error:
        raise DataError(
            f"{file.name} can't be read ({error.strerror or error}): "
            f"give read permission to {path}."
        ) from error


def _open_member(packed: zipfile.ZipFile, file: DataFile) -> IO[bytes]:
    try:
        return packed.open(file.member or "")
    except (NotImplementedError, RuntimeError) as error:  # packed by another method, or encrypted
        raise DataError(
            f"{file.name} can't be unpacked here ({error}). Put the unpacked CSV file in its place."
        ) from error
