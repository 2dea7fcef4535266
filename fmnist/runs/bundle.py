"""Run directories as one zip file, to keep or to share."""

from __future__ import annotations

import contextlib
import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fmnist.runs.layout import RunFile
from fmnist.runs.run import Run

_PACKED_ALREADY: Final = frozenset({".keras", ".npz", ".h5", ".gz", ".zip"})


def measure_bundle(runs: Sequence[Run]) -> int:
    """Return the size in bytes of all files that ``build_bundle`` packs, uncompressed."""
    size = 0
    for run in runs:
        for path in _list_files(run):
            with contextlib.suppress(FileNotFoundError):
                size += path.stat().st_size
    return size


def build_bundle(runs: Sequence[Run]) -> io.BytesIO:
    """Pack run directories into a zip file, each below its name.

    Left out are the checkpoint, which is needed only to resume, links and what else is no regular
    file, hidden files, which are still being written, and files that are deleted meanwhile.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", strict_timestamps=False) as bundle:
        for run in runs:
            for path in _list_files(run):
                packed = path.suffix in _PACKED_ALREADY
                method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
                with contextlib.suppress(FileNotFoundError):
                    bundle.write(path, path.relative_to(run.path.parent).as_posix(), method)
    file.seek(0)
    return file


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
