"""The folder of edits files offered on the Train page, its only source of them."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.data.edits import parse_edits
from fmnist.errors import DataError
from fmnist.regular_file import read_regular_file

_ENDING: Final = ".json"
_MAX_NAME: Final = 80


def list_edits() -> list[Path]:
    """Return the edits files of the folder by name: regular files, no links, nothing hidden."""
    try:
        paths = sorted(settings.edits_dir().glob(f"[!.]*{_ENDING}"))
    except OSError:
        return []
    return [path for path in paths if _is_regular(path)][: settings.MAX_EDITS_FILES]


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def store_edits(name: str, content: bytes) -> Path:
    """Store an uploaded edits file in the folder and return its path.

    Args:
        name: the name of the uploaded file; characters other than letters, digits, dots and dashes
            are replaced, and a number is added if another file has the name.
        content: checked before it is stored.

    Raises:
        DataError: it isn't an edits file, it is too large, the folder is full, or it can't be
            written.
    """
    shown = Path(name).name[:_MAX_NAME]
    if len(content) > settings.MAX_RECORD_BYTES:
        raise DataError(
            f"{shown} has {len(content):,} bytes; an edits file has at most "
            f"{settings.MAX_RECORD_BYTES:,}. Upload another file."
        )
    parse_edits(shown, content)
    folder = settings.edits_dir()
    stem = re.sub(r"[^\w.-]+", "_", Path(shown).stem).strip("._") or "edits"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, settings.MAX_EDITS_FILES + 1):
            path = folder / f"{stem}{f'-{number}' if number > 1 else ''}{_ENDING}"
            if len(list_edits()) < settings.MAX_EDITS_FILES and _write_new(path, content):
                return path
            if _is_regular(path) and _read(path) == content:  # uploaded before
                return path
    except OSError as error:
        raise DataError(
            f"{folder} can't be written: {error.strerror}. Free space or set FMNIST_MODELS."
        ) from error
    raise DataError(
        f"{folder} holds {settings.MAX_EDITS_FILES} edits files. Delete those that no run needs."
    )


def _write_new(path: Path, content: bytes) -> bool:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


def _read(path: Path) -> bytes:
    return read_regular_file(path, settings.MAX_RECORD_BYTES, follow_links=False)
