"""Finds a complete data set in a folder: two CSV or four IDX files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from fmnist.data.dataset import short_path
from fmnist.data.inventory import Candidate, Inventory, UnusedFile, take_inventory
from fmnist.data.names import CSV_NAMES, IDX_NAMES
from fmnist.data.open_file import DataFile
from fmnist.errors import DataError

_MAX_NAMED: Final = 4
_MAX_NOTES: Final = 20

_FORMATS: Final[dict[Literal["csv", "idx"], tuple[str, ...]]] = {"csv": CSV_NAMES, "idx": IDX_NAMES}


@dataclass(frozen=True)
class FoundFiles:
    """A complete set: train and test for ``csv``, the four of ``IDX_NAMES`` for ``idx``.

    ``notes`` names other files that could be mistaken for parts of it.
    """

    format: Literal["csv", "idx"]
    folder: Path
    files: tuple[DataFile, ...]
    notes: tuple[str, ...] = ()


def find_files(folder: Path) -> FoundFiles | None:
    """Return the complete set in ``folder``, or None if there is no part of a set.

    Files at the top are considered first, then zips and sub-folders. The set nearest to the top
    wins; within a folder, CSV files come before IDX files.

    Raises:
        DataError: The folder can't be listed, or a part of a set is missing.
    """
    found = _choose_set(folder, take_inventory(folder, top_level_only=True))
    if found is not None:
        return found
    inventory = take_inventory(folder, top_level_only=False)
    found = _choose_set(folder, inventory)
    if found is None and inventory.candidates:
        raise _describe_missing(folder, inventory)
    return found


def list_unused(folder: Path) -> tuple[UnusedFile, ...]:
    """Return the data files in a folder, its sub-folders and zips that aren't part of the set.

    Raises:
        DataError: The folder can't be listed.
    """
    return tuple(take_inventory(folder, top_level_only=False).unused)


def join_some(texts: Sequence[object], separator: str = ", ") -> str:
    """Return the first few as text, and how many more there are."""
    n_more = len(texts) - _MAX_NAMED
    more = f"{separator}and {n_more:,} more" if n_more > 0 else ""
    return separator.join(map(str, texts[:_MAX_NAMED])) + more


def _choose_set(folder: Path, inventory: Inventory) -> FoundFiles | None:
    """Return the best complete set from one folder, or one spread over several."""
    places: dict[PurePosixPath, dict[str, Candidate]] = {}
    anywhere: dict[str, Candidate] = {}
    for candidate in sorted(inventory.candidates, key=lambda candidate: candidate.rank):
        for best in (places.setdefault(candidate.place, {}), anywhere):
            best.setdefault(candidate.part, candidate)
    for best in (*places.values(), anywhere):
        for kind, names in _FORMATS.items():
            if best.keys() >= set(names):
                chosen = [best[name] for name in names]
                files = tuple(candidate.file for candidate in chosen)
                notes = _describe_unused(inventory, kind, chosen)
                return FoundFiles(kind, folder / chosen[0].place, files, notes)
    return None


def _describe_unused(
    inventory: Inventory, kind: Literal["csv", "idx"], chosen: Sequence[Candidate]
) -> tuple[str, ...]:
    """Name copies under another name, an incomplete set of the other format, and broken zips."""
    used = {candidate.part: candidate.file for candidate in chosen}
    notes = [
        f"{candidate.file.name} is not used: {used[candidate.part].name} is."
        for candidate in inventory.candidates
        if candidate.part in used
        and candidate.is_renamed
        and candidate.file != used[candidate.part]
    ]
    other = _FORMATS["idx" if kind == "csv" else "csv"]
    present, missing = _split_present(inventory, other)
    if present and missing:
        notes.append(f"{join_some(present)} is not used: {join_some(missing)} is missing.")
    notes += [str(file) for file in inventory.unused if file.is_broken]
    n_more = len(notes) - _MAX_NOTES
    more = (f"{n_more:,} more files are not used.",) if n_more > 0 else ()
    return (*notes[:_MAX_NOTES], *more)


def _describe_missing(folder: Path, inventory: Inventory) -> DataError:
    """Return an error that lists the parts present and missing, and why other files are unused."""
    names = min(
        _FORMATS.values(), key=lambda names: len(_split_present(inventory, names)[1]) / len(names)
    )
    present, missing = _split_present(inventory, names)
    unused = "".join(f" {file}" for file in inventory.unused[:_MAX_NAMED])
    return DataError(
        f"{short_path(folder)} has {join_some(present)} but not {join_some(missing)}: all "
        f"{len(names)} are needed. Put the missing file there, or remove the other.{unused}"
    )


def _split_present(inventory: Inventory, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the files found for some of ``names``, and the names without a file."""
    present = {c.part: c.file.name for c in inventory.candidates if c.part in names}
    return list(present.values()), [name for name in names if name not in present]
