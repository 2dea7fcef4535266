"""Notes of a person about a run: a text and tags, stored apart from the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fmnist.errors import RunError
from fmnist.runs.fields import Name, Text
from fmnist.runs.file_cache import read_cached
from fmnist.runs.files import load_json, write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.records import Record
from fmnist.runs.run import Run

MAX_NOTE: Final = 2000
MAX_TAG: Final = 40
MAX_TAGS: Final = 20


@dataclass(frozen=True, slots=True)
class Notes:
    """A note and tags; surplus spaces, empty tags and duplicate tags are dropped.

    Attributes:
        note: free text, at most ``MAX_NOTE`` characters.
        tags: at most ``MAX_TAGS`` of ``MAX_TAG`` characters, without commas, in the order given.

    Raises:
        RunError: too long, too many, or a comma in a tag; the message names the value.
    """

    note: str = ""
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        note = str(self.note).strip()
        tags = tuple(dict.fromkeys(" ".join(str(tag).split()) for tag in self.tags))
        object.__setattr__(self, "note", note)
        object.__setattr__(self, "tags", tuple(tag for tag in tags if tag))
        if len(note) > MAX_NOTE:
            raise RunError(f"The note has {len(note):,} characters. Keep to {MAX_NOTE:,}.")
        if len(self.tags) > MAX_TAGS:
            raise RunError(f"These are {len(self.tags)} tags. Keep to {MAX_TAGS} per run.")
        for tag in self.tags:
            if len(tag) > MAX_TAG or "," in tag:
                raise RunError(
                    f"“{tag[:MAX_TAG]}” can't be a tag. Take up to {MAX_TAG} characters, no comma."
                )


@dataclass(frozen=True, slots=True)
class _Stored(Record):
    """The content of ``notes.json``."""

    note: Text = ""
    tags: tuple[Name, ...] = ()


def load_notes(run: Run) -> Notes:
    """Read the notes of a run, empty if there are none.

    Raises:
        RunError: ``notes.json`` can't be used; the message names it.
    """
    return read_cached(run.path / RunFile.NOTES, "notes", _read_notes) or Notes()


def _read_notes(path: Path) -> Notes | None:
    values = load_json(path)
    if values is None:
        return None
    stored = _Stored.from_dict(values, path)
    try:
        return Notes(stored.note, stored.tags)
    except RunError as error:
        raise RunError(f"{path} can't be used: {error}") from error


def save_notes(run: Run, notes: Notes) -> None:
    """Replace the notes of a run; its recipe stays as it is.

    Raises:
        RunError: the run was deleted, or its directory can't be written.
    """
    try:
        write_json(run.path / RunFile.NOTES, {"note": notes.note, "tags": list(notes.tags)})
    except OSError as error:
        raise RunError(f"The notes of {run.run_id} can't be written: {error}.") from error
