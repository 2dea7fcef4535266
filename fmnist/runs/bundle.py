"""Run directories as one zip file, to keep or to share."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, cast

from fmnist.runs.layout import RunFile
from fmnist.runs.run import Run

_PACKED_ALREADY: Final = frozenset({".keras", ".onnx", ".npz", ".h5", ".gz", ".zip"})

_PIECE: Final = 1 << 18


def measure_bundle(runs: Sequence[Run]) -> int:
    """Return the size in bytes of all files that ``stream_bundle`` packs, uncompressed."""
    size = 0
    for run in runs:
        for path in _list_files(run):
            with contextlib.suppress(FileNotFoundError):
                size += path.stat().st_size
    return size


def stream_bundle(runs: Sequence[Run]) -> Iterator[bytes]:
    """Pack run directories into a zip file, each below its name, and yield it piece by piece.

    Only one piece is held at a time, however large the runs are. Left out are the checkpoint,
    which is needed only to resume, links and other files that aren't regular, hidden files, which
    are still being written, and files that are deleted meanwhile.
    """
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", strict_timestamps=False) as bundle:
        for run in runs:
            for path in _list_files(run):
                with contextlib.suppress(FileNotFoundError):
                    yield from _pack_file(bundle, sink, path, run)
    yield sink.take()


def _pack_file(bundle: zipfile.ZipFile, sink: _Sink, path: Path, run: Run) -> Iterator[bytes]:
    with path.open("rb") as source:
        name = path.relative_to(run.path.parent).as_posix()
        info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
        packed = path.suffix in _PACKED_ALREADY
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        with bundle.open(info, "w") as target:
            while block := source.read(_PIECE):
                target.write(block)
                yield sink.take()


class _Sink:
    """A write-only file that keeps its content until it is taken."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: ``zipfile`` calls it."""

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


def _list_files(run: Run) -> Iterator[Path]:
    # os.walk skips a directory that is deleted meanwhile; Path.rglob raises.
    for folder, folders, files in os.walk(run.path):
        folders[:] = sorted(
            name for name in folders if name != RunFile.CHECKPOINT and name[0] != "."
        )
        for name in sorted(files):
            path = Path(folder, name)
            if name[0] != "." and path.is_file() and not path.is_symlink():
                yield path
