"""Opens a file of the data set: plain, gzipped, in a zip, or gzipped in a zip.

A file may unpack to far more than its own size, or to nothing for a long time. So everything is
read in pieces no larger than requested, and a file far larger packed than unpacked is rejected.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

from fmnist.errors import DataError
from fmnist.settings import MAX_ARCHIVE_ENTRIES, MAX_DATA_FILE_BYTES, MAX_ZIP_DIRECTORY_BYTES

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP_START: Final = b"\x1f\x8b"
_ZIP_START: Final = b"PK\x03\x04"
_PIECE: Final = 1 << 18
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Python unpacks the other methods without a limit: 4 KB of bzip2 can become 5 GB at once."""


@dataclass(frozen=True)
class DataFile:
    """A file of the data set on disk; ``member`` is its name inside a zip, or None."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name used in messages."""
        return self.path.name if self.member is None else f"{self.path.name} ({self.member})"


@contextlib.contextmanager
def open_stream(file: DataFile) -> Iterator[tuple[io.BufferedReader[Any], Callable[[], float]]]:
    """Open a file's unpacked content, with a function that returns the fraction read.

    Gzip is detected from the first bytes, because some browsers unpack a file but keep the ending
    ``.gz``.

    Raises:
        DataError: It can't be opened, or inside the block: can't be read or unpacked.
    """
    try:
        with open_regular(file.path) as raw, contextlib.ExitStack() as stack:
            stored, size = raw, os.fstat(raw.fileno()).st_size
            if file.member is not None:
                packed = stack.enter_context(open_zip(raw))
                stored = stack.enter_context(_open_member(packed, file))
                size = packed.getinfo(file.member).file_size
            start = stored.read(len(_ZIP_START))
            stored.seek(0)
            if start == _ZIP_START:
                raise DataError(
                    f"{file.name} is a zip, whatever its name says. Unpack it into the folder, or "
                    "give its name the ending .zip."
                )
            if start[:1] == b"<":
                raise DataError(
                    f"{file.name} is a web page, saved instead of the file. Download the file "
                    "itself and put it in its place."
                )
            is_gzipped = start.startswith(_GZIP_START)
            content = io.BufferedReader(_Content(file.name, stored, is_gzipped=is_gzipped))
            yield content, lambda: stored.tell() / max(size, 1)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(
            f"{file.name} is truncated or damaged ({error}). Download the file again."
        ) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a damaged zip points to before its start
            raise DataError(
                f"{file.name} is truncated or damaged. Download the file again."
            ) from error
        raise DataError(
            f"{file.name} can't be read ({error.strerror or error}). "
            f"Give read permission to {file.path}."
        ) from error


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file on disk, which can be read without blocking.

    Raises:
        DataError: It is a folder, pipe, device or socket, or larger than ``MAX_DATA_FILE_BYTES``.
        OSError: It can't be opened.
    """
    # Opening a pipe would wait for its writer, and some devices act when they are opened.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise DataError(
            f"{path.name} is not a regular file but {name_kind(status.st_mode)}. "
            "Put the file itself in its place."
        )
    if status.st_size > MAX_DATA_FILE_BYTES:
        raise DataError(
            f"{path.name} has {status.st_size / 1e6:,.0f} MB, more than the "
            f"{MAX_DATA_FILE_BYTES / 1e6:,.0f} MB that are read. Put the file of Fashion-MNIST in "
            "its place."
        )
    return path.open("rb")


def name_kind(mode: int) -> str:
    """Return the kind of a non-regular file, with its article."""
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return kinds.get(stat.S_IFMT(mode), "a device")


@contextlib.contextmanager
def open_zip(raw: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open a zip with a limited list of members.

    Raises:
        zipfile.BadZipFile: It isn't a zip, or lists far more members than the data set has.
    """
    with zipfile.ZipFile(cast("IO[bytes]", _Bounded(raw))) as archive:
        if len(archive.infolist()) > MAX_ARCHIVE_ENTRIES:
            raise zipfile.BadZipFile(f"it has {len(archive.infolist()):,} members")
        yield archive


def _open_member(packed: zipfile.ZipFile, file: DataFile) -> IO[bytes]:
    remedy = "Put the unpacked file in its place."
    try:
        member = packed.getinfo(file.member or "")
        if member.compress_type not in _METHODS:
            raise DataError(
                f"{file.name} is packed by a method other than deflate (number "
                f"{member.compress_type}), which can't be read here. {remedy}"
            )
        return packed.open(member)
    except (NotImplementedError, RuntimeError) as error:  # packed by another method, or encrypted
        raise DataError(f"{file.name} can't be unpacked here ({error}). {remedy}") from error


class _Bounded(io.RawIOBase):
    """A file that rejects reads larger than ``MAX_ZIP_DIRECTORY_BYTES``.

    ``zipfile`` reads the list of members at once and creates an object for each.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > MAX_ZIP_DIRECTORY_BYTES:
            raise zipfile.BadZipFile(f"its list of members takes {size / 1e6:,.0f} MB")
        return self._raw.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def seekable(self) -> bool:
        return True


class _Metered:
    """A gzip file, rejected if it is far larger packed than unpacked.

    Deflate makes data at most slightly longer. A far longer file consists of thousands of empty
    parts or an endless header; reading it takes minutes and yields nothing.
    """

    def __init__(self, name: str, stored: IO[bytes]) -> None:
        self.n_unpacked = 0
        self._n_packed = 0
        self._name = name
        self._stored = stored

    def read(self, size: int) -> bytes:
        packed = self._stored.read(size)
        self._n_packed += len(packed)
        if self._n_packed > 2 * _PIECE + self.n_unpacked:
            raise DataError(
                f"{self._name} is damaged: what it unpacks to is shorter than what is packed. "
                "Download the file again."
            )
        return packed


class _Content(io.RawIOBase):
    """The unpacked content of a file, read in pieces, up to ``MAX_DATA_FILE_BYTES`` in all."""

    def __init__(self, name: str, stored: IO[bytes], *, is_gzipped: bool) -> None:
        self._name = name
        self._meter = _Metered(name, stored)
        self._stream = stored
        if is_gzipped:
            self._stream = cast("IO[bytes]", gzip.GzipFile(fileobj=cast("IO[bytes]", self._meter)))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        piece = self._stream.read(min(len(view), _PIECE))
        view[: len(piece)] = piece
        self._meter.n_unpacked += len(piece)
        if self._meter.n_unpacked > MAX_DATA_FILE_BYTES:
            raise DataError(
                f"{self._name} unpacks to more than {MAX_DATA_FILE_BYTES / 1e6:,.0f} MB. "
                "Put the file of Fashion-MNIST in its place."
            )
        return len(piece)
