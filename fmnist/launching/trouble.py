"""The reasons why the dispatcher can't start runs now, for people who wait for one."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from fmnist import settings
from fmnist.regular_file import read_regular_file

TROUBLE_NAME: Final = ".dispatcher.trouble"


def note_trouble(trouble: str) -> None:
    """Replace the known reasons; empty if there are none. Does nothing on a full disk."""
    path = settings.models_dir() / TROUBLE_NAME
    with suppress(OSError):
        path.write_text(trouble, "utf-8") if trouble else path.unlink(missing_ok=True)


def load_trouble() -> str:
    """Return why the dispatcher can't start runs, in sentences; empty if it can."""
    try:
        content = read_regular_file(settings.models_dir() / TROUBLE_NAME, settings.MAX_TEXT)
    except OSError:
        return ""
    return content.decode(errors="replace")
