"""Lists the files in a folder, its sub-folders and zips: parts of the data set, and others."""

from __future__ import annotations

import itertools
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from fmnist.data.dataset import short_path
from fmnist.data.names import explain_why_unused, identify_file, is_other_set
from fmnist.data.open_file import DataFile, open_regular, open_zip
from fmnist.errors import DataError
from fmnist.settings import MAX_ARCHIVE_ENTRIES

_MAX_DEPTH: Final = 5


@dataclass(frozen=True)
class UnusedFile:
    """A file that is not used, and why.

    Attributes:
        name: its path below the folder.
        reason: why it is not used, as the end of a sentence.
        is_broken: whether it can't be read at all.
    """

    name: str
    reason: str
    is_broken: bool = False

    def __str__(self) -> str:
        return f"{self.name} is not used: {self.reason}."


@dataclass(frozen=True)
class Candidate:
    """A file that stands for ``part`` of the set; ``place`` is the folder it counts to."""

    part: str
    file: DataFile
    place: PurePosixPath

    @property
    def own_name(self) -> str:
        """The name of the file or of the member of a zip."""
        return PurePosixPath(self.file.member or self.file.path.name).name

    @property
    def is_renamed(self) -> bool:
        """Return whether its name differs from the published one."""
        return self.own_name not in {self.part, f"{self.part}.gz"}

    @property
    def rank(self) -> tuple[int, bool, bool, bool, Path, str]:
        """Sort key, smallest first: near the top, not in a zip, with published name, unpacked."""
        is_zipped = self.file.member is not None
        is_gzipped = self.own_name.lower().endswith(".gz")
        depth = len(self.place.parts)
        return depth, is_zipped, self.is_renamed, is_gzipped, self.file.path, self.own_name


@dataclass
class Inventory:
    """The data files of a folder: candidates for parts of the set, and unused files."""

    candidates: list[Candidate] = field(default_factory=list)
    unused: list[UnusedFile] = field(default_factory=list)


def take_inventory(folder: Path, *, top_level_only: bool) -> Inventory:
    """List the data files in ``folder``; unless ``top_level_only``, also in sub-folders and zips.

    Raises:
        DataError: The folder can't be listed.
    """
    inventory = Inventory()
    walk = _Walk(inventory)
    for path in walk.find_files(folder, 0 if top_level_only else _MAX_DEPTH):
        place = PurePosixPath(path.parent.relative_to(folder).as_posix())
        if path.suffix.lower() != ".zip" or path.name.startswith("._"):
            _add_file(inventory, DataFile(path), place)
        elif not top_level_only:
            _add_zip(inventory, path, place)
    return inventory


class _Walk:
    """The files of a folder and its sub-folders, up to ``MAX_ARCHIVE_ENTRIES`` in all."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._n_left = MAX_ARCHIVE_ENTRIES

    def find_files(self, folder: Path, depth: int) -> Iterator[Path]:
        """Yield the files of a folder, by name, then those of sub-folders that are not hidden."""
        folders = []
        for entry in sorted(self._list_folder(folder), key=lambda entry: entry.name):
            path = Path(entry.path)
            if entry.is_dir():
                folders.append(path)
            elif _is_regular(path):
                yield path
            elif identify_file(path.name) is not None or explain_why_unused(path.name) is not None:
                reason = "it is not a regular file but a pipe, socket or device"
                self._inventory.unused.append(UnusedFile(path.name, reason, is_broken=True))
        for path in folders if depth else []:
            if path.name.startswith((".", "__MACOSX")):
                continue
            try:
                yield from self.find_files(path, depth - 1)
            except DataError:
                reason = "the folder can't be listed; give read permission"
                self._inventory.unused.append(UnusedFile(f"{path.name}/", reason, is_broken=True))

    def _list_folder(self, folder: Path) -> list[os.DirEntry[str]]:
        if not folder.exists():
            return []
        try:
            with os.scandir(folder) as listing:
                entries = list(itertools.islice(listing, self._n_left + 1))
        except OSError as error:
            raise DataError(
                f"{short_path(folder)} can't be listed ({error.strerror}). Give read permission, "
                "or point FMNIST_ARCHIVE to another folder."
            ) from error
        if len(entries) > self._n_left > 0:
            reason = f"it and its sub-folders hold more than {MAX_ARCHIVE_ENTRIES:,} files"
            remedy = "keep the data set in a separate folder"
            self._inventory.unused.insert(
                0, UnusedFile(short_path(folder), f"{reason}; {remedy}", is_broken=True)
            )
        entries = entries[: self._n_left]
        self._n_left -= len(entries)
        return entries


def _is_regular(path: Path) -> bool:
    """Return whether a file can be opened without blocking; a missing one fails later."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def _add_file(inventory: Inventory, file: DataFile, place: PurePosixPath) -> bool:
    """Add a file as a candidate or as unused; return whether it is a candidate.

    Args:
        inventory: changed in place.
        file: on disk or in a zip.
        place: the folder of the file or of its zip, relative to the folder that is searched.
    """
    inside = PurePosixPath(file.member or file.path.name)
    part = identify_file(inside.name)
    if part is not None and not is_other_set(place / inside.parent):
        is_doubled = identify_file(place.name) == part  # macOS unpacks x.gz into x/x
        inventory.candidates.append(Candidate(part, file, place.parent if is_doubled else place))
        return True
    reason = explain_why_unused(inside.name)
    if part is not None:
        reason = "its folder is that of another data set"
    if reason is not None:
        shown = (place / file.name).as_posix()
        inventory.unused.append(UnusedFile(shown, reason))
    return False


def _add_zip(inventory: Inventory, path: Path, place: PurePosixPath) -> None:
    """Add the members of a zip, and the zip itself if none of them is a candidate."""
    shown = (place / path.name).as_posix()
    try:
        with open_regular(path) as raw, open_zip(raw) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
        reason = f"it is not a readable zip ({error}); download it again"
        inventory.unused.append(UnusedFile(shown, reason, is_broken=True))
        return
    except DataError as error:
        inventory.unused.append(UnusedFile(shown, str(error).removesuffix("."), is_broken=True))
        return
    members = [name for name in names if not name.startswith("__MACOSX")]
    n_unused = len(inventory.unused)
    has_part = [_add_file(inventory, DataFile(path, member), place) for member in members]
    if not any(has_part) and len(inventory.unused) == n_unused:
        held = f"it holds {PurePosixPath(members[0]).name}" if members else "it is empty"
        reason = f"{held}, not a file of the data set"
        inventory.unused.append(UnusedFile(shown, reason))
