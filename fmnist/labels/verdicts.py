"""Verdicts on images, with author and reason, and the edits file generated from them.

The file of a data set contains all verdicts in order; the last one for an image counts. The
training set itself never changes: a recipe names the edits file, which contains only training rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from filelock import FileLock
from msgspec import Meta

from fmnist import settings
from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.data.edits import Edits, compute_digest, format_edits
from fmnist.data.edits_folder import store_edits
from fmnist.errors import RunError
from fmnist.runs.fields import Count, Date, Name, Text
from fmnist.runs.files import write_json
from fmnist.runs.records import Record

FOLDER: Final = ".verdicts"
"""In the models folder; hidden, so that it is not listed as a run."""

MAX_REASON: Final = 500

Label = Annotated[int, Meta(ge=0, le=9)]


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """The decision of a person about an image.

    Attributes:
        split: ``train`` or ``test``.
        row: the row in the split, from 0.
        verdict: ``keep``, ``relabel`` or ``exclude``.
        label: the new label of a relabelled image, 0 to 9; otherwise None.
        reason: the reason; may be empty.
        author: the person who decided; empty if unknown.
        created: ISO 8601, UTC.
    """

    split: Literal["train", "test"]
    row: Count
    verdict: Literal["keep", "relabel", "exclude"]
    label: Label | None = None
    reason: Text = ""
    author: Name = ""
    created: Date = "1970-01-01"


@dataclass(frozen=True, slots=True)
class Verdicts(Record):
    """All verdicts on a data set, oldest first.

    Attributes:
        train: fingerprint of the training set.
        test: fingerprint of the test set.
        given: every verdict.
    """

    train: Name
    test: Name
    given: tuple[Verdict, ...] = ()

    @property
    def latest(self) -> dict[tuple[str, int], Verdict]:
        """The last verdict on each image, by split and row, in order."""
        found: dict[tuple[str, int], Verdict] = {}
        for one in self.given:
            found.pop((one.split, one.row), None)
            found[one.split, one.row] = one
        return found


def find_path(dataset: Dataset) -> Path:
    """Return the path of the verdicts on a data set."""
    name = f"{dataset.fingerprints['train'][:16]}-{dataset.fingerprints['test'][:16]}.json"
    return settings.models_dir() / FOLDER / name


def load_verdicts(dataset: Dataset) -> Verdicts:
    """Read the verdicts on a data set; empty if there are none.

    Raises:
        RunError: the file can't be used; the message names it.
    """
    found = Verdicts.load(find_path(dataset))
    return found or Verdicts(dataset.fingerprints["train"], dataset.fingerprints["test"])


def add_verdict(dataset: Dataset, verdict: Verdict) -> None:
    """Add a verdict with the present date.

    Raises:
        RunError: the row, the label or the reason isn't allowed, or the file can't be used or
            written.
    """
    labels = dataset.y_train if verdict.split == "train" else dataset.y_test
    if verdict.row >= len(labels):
        raise RunError(f"{verdict.split} has rows 0 to {len(labels) - 1:,}, not {verdict.row:,}.")
    if (verdict.verdict == "relabel") != (verdict.label is not None):
        raise RunError("A relabelled image needs a new label, and no other has one.")
    if verdict.label is not None and verdict.label == labels[verdict.row]:
        name = CLASS_NAMES[verdict.label]
        raise RunError(
            f"{verdict.split} no. {verdict.row:,} is already labelled {name}. Keep it, or choose "
            "another label."
        )
    if len(verdict.reason) > MAX_REASON:
        raise RunError(f"The reason has {len(verdict.reason):,} characters; {MAX_REASON} at most.")
    created = datetime.now(UTC).isoformat(timespec="seconds")
    with _hold(dataset) as path:
        before = load_verdicts(dataset)
        given = (*before.given, dataclasses.replace(verdict, created=created))
        write_json(path, dataclasses.replace(before, given=given).to_dict())


def undo_verdict(dataset: Dataset, author: str) -> Verdict | None:
    """Take back the last verdict of an author, and return it; None if there is none.

    The previous verdict on the image counts again.

    Raises:
        RunError: the file can't be used or written.
    """
    with _hold(dataset) as path:
        before = load_verdicts(dataset)
        places = [place for place, one in enumerate(before.given) if one.author == author]
        if not places:
            return None
        given = before.given[: places[-1]] + before.given[places[-1] + 1 :]
        write_json(path, dataclasses.replace(before, given=given).to_dict())
        return before.given[places[-1]]


def build_edits(verdicts: Verdicts) -> Edits:
    """Return the edits of the training set by the verdicts; those on test images change nothing."""
    train = [one for (split, _), one in verdicts.latest.items() if split == "train"]
    excluded = sorted(one.row for one in train if one.verdict == "exclude")
    relabelled = {one.row: one.label for one in train if one.label is not None}
    return Edits(np.array(excluded, np.int64), relabelled, verdicts.train)


def name_pair(base: str, edits: Edits) -> tuple[str, str]:
    """Return the names of the run without edits and the one with them, by what they repeat."""
    name = f"{base[:40].rstrip()}-{compute_digest(edits)[:8]}"
    return f"{name}-without-edits", f"{name}-with-edits"


def write_edits(edits: Edits) -> Path:
    """Store edits in the folder of recipes' edits, under a name derived from their content.

    Later verdicts make another file, so that a recipe always names the edits it was trained with.

    Raises:
        DataError: the folder is full or can't be written.
    """
    name = f"verdicts-{compute_digest(edits)[:8]}.json"
    return store_edits(name, format_edits(edits).encode())


@contextmanager
def _hold(dataset: Dataset) -> Iterator[Path]:
    path = find_path(dataset)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / ".lock"):
            yield path
    except OSError as error:
        raise RunError(f"{path} can't be written: {error}. Free space.") from error


def count_verdicts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Return how many verdicts there are of each kind."""
    return {
        kind: sum(one.verdict == kind for one in verdicts)
        for kind in ("keep", "relabel", "exclude")
    }
