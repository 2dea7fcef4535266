"""Open a file of the data set: plain, gzipped, in a zip, or gzipped in a zip."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from fmnist.errors import DataError

_GZIP_START: Final = b"\x1f\x8b"
_ZIP_START: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class DataFile:
    """One file of the data set on disk; ``member`` is its name inside a zip, else None."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name that messages use."""
        return self.path.name if self.member is None else f"{self.path.name} ({self.member})"


@contextlib.contextmanager
def open_stream(file: DataFile) -> Iterator[tuple[IO[bytes], Callable[[], float]]]:
    """Open a file for reading its content, unpacked, with a function that returns the share read.

    Whether it is gzipped is seen from its first bytes: some browsers unpack a file and keep the
    ending ``.gz``.

    Raises:
        DataError: It can't be opened, or inside the block: can't be read or unpacked.
    """
    path = file.path
    try:
        with path.open("rb") as raw, contextlib.ExitStack() as stack:
            stream, size = cast("IO[bytes]", raw), path.stat().st_size
            if file.member is not None:
                packed = stack.enter_context(zipfile.ZipFile(raw))
                stream = stack.enter_context(_open_member(packed, file))
                size = packed.getinfo(file.member).file_size
            stored, size = stream, max(size, 1)
            start = stored.read(len(_ZIP_START))
            stored.seek(0)
            if start.startswith(_GZIP_START):
                stream = cast("IO[bytes]", stack.enter_context(gzip.open(stored)))
            elif start == _ZIP_START:
                raise DataError(
                    f"{file.name} is a zip, whatever its name says. Unpack it into the folder, or "
                    "give its name the ending .zip."
                )
            elif start[:1] == b"<":
                raise DataError(
                    f"{file.name} is a web page, saved instead of the file. Download the file "
                    "itself and put it in its place."
                )
            yield stream, lambda: stored.tell() / size
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise DataError(
            f"{file.name} is truncated or damaged ({error}). Download the file again."
        ) from error
    except OSError as error:
        raise DataError(
            f"{file.name} can't be read ({error.strerror or error}). "
            f"Give read permission to {path}."
        ) from error


def _open_member(packed: zipfile.ZipFile, file: DataFile) -> IO[bytes]:
    try:
        return packed.open(file.member or "")
    except (NotImplementedError, RuntimeError) as error:  # packed by another method, or encrypted
        raise DataError(
            f"{file.name} can't be unpacked here ({error}). Put the unpacked file in its place."
        ) from error
