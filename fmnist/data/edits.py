"""The edits file: it excludes or relabels rows of the training set.

::

    {
     "format": "fashion-mnist-edits",
     "version": 1,
     "fingerprint": "<of the training set it was made for>",
     "excluded": [17, 4711],
     "relabelled": [{"row": 42, "label": 6}]
    }

Rows count from 0 in the order of the training set; labels are 0 to 9. JSON rather than CSV, since
the file also carries the fingerprint, which keeps it from being applied to other data. Validation
and test rows are never edited: runs with and without edits are compared on the same images.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from fmnist import settings
from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.data.dataset import Dataset, UInt8Array
from fmnist.errors import DataError
from fmnist.regular_file import read_regular_file

FORMAT: Final = "fashion-mnist-edits"
VERSION: Final = 1
MAX_ROWS: Final = 2**31
"""Beyond any training set; keeps a number with many digits from overflowing an array."""

_FIELDS: Final = frozenset({"format", "version", "fingerprint", "excluded", "relabelled"})

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edits:
    """Excluded and relabelled rows of the training set.

    Attributes:
        excluded: int64 ``(n,)``, rows from 0, ascending.
        relabelled: maps a row to its new label, 0 to 9.
        fingerprint: ``Dataset.fingerprints["train"]`` of the data they were made for.
    """

    excluded: Rows
    relabelled: dict[int, int]
    fingerprint: str

    @property
    def rows(self) -> Rows:
        """All edited rows, int64, ascending."""
        return np.union1d(self.excluded, np.array(list(self.relabelled), np.int64))


def load_edits(path: Path, dataset: Dataset | None = None) -> Edits:
    """Read an edits file and check all its values.

    Args:
        path: the file.
        dataset: the data for which it must have been created; None skips that check.

    Raises:
        DataError: it isn't a regular file (or is a link), is too large, can't be read, a value is
            wrong, a row occurs twice, or it was made for other data; the message names file, row
            and remedy, and shows nothing else of the content.
    """
    try:
        content = read_regular_file(path, settings.MAX_RECORD_BYTES, follow_links=False)
    except FileNotFoundError:
        raise DataError(f"There is no file {path}. Correct the path of the edits.") from None
    except OSError as error:
        raise DataError(
            f"{path} can't be read as an edits file: {error.strerror}. Give the path of a regular "
            f"file of at most {settings.MAX_RECORD_BYTES / 1e6:g} MB."
        ) from error
    edits = parse_edits(str(path), content)
    if dataset is not None:
        _check_data(str(path), edits, dataset)
    return edits


def parse_edits(path: str, content: bytes) -> Edits:
    """Check the content of an edits file.

    Args:
        path: how messages name the file.
        content: what it holds.

    Raises:
        DataError: as ``load_edits``; no message shows the content beyond rows and labels.
    """
    try:
        values = msgspec.json.decode(content)
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not in UTF-8. Save it again as JSON.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise DataError(f"{path} can't be read as JSON. Save it again as JSON.") from error
    return _parse(path, values)


def save_edits(path: Path, edits: Edits) -> None:
    """Write an edits file with rows ascending, so that equal edits give equal files.

    Raises:
        DataError: the file can't be written.
    """
    try:
        path.write_text(format_edits(edits) + "\n")
    except OSError as error:
        raise DataError(f"{path} can't be written: {error}. Choose another folder.") from error


def compute_digest(edits: Edits) -> str:
    """Return a hex hash of the edits, independent of the file's layout."""
    return hashlib.sha256(format_edits(edits).encode()).hexdigest()


def apply_edits(y_train: UInt8Array, rows: Rows, edits: Edits) -> tuple[UInt8Array, Rows]:
    """Apply exclusions and new labels to the training rows.

    Args:
        y_train: labels of the whole training set, uint8 ``(n,)``; not changed.
        rows: rows to train on, int64, ascending.
        edits: those of rows that are not in ``rows`` have no effect.

    Returns:
        Labels of the whole training set, uint8 ``(n,)``, and the rows that are left, int64.

    Raises:
        DataError: no row is left to train on.
    """
    kept = rows[~np.isin(rows, edits.excluded)]
    if not len(kept):
        raise DataError(
            f"The edits exclude all {len(rows):,} rows to train on. Exclude fewer, or train on a "
            "larger share of the data."
        )
    new = y_train.copy()
    changed = np.intersect1d(np.array(list(edits.relabelled), np.int64), kept).tolist()
    new[changed] = [edits.relabelled[row] for row in changed]
    return new, kept


def find_ignored(edits: Edits, val_rows: Rows) -> Rows:
    """Return the edited rows ignored because they are in validation; int64, ascending."""
    return np.intersect1d(edits.rows, val_rows)


def format_edits(edits: Edits) -> str:
    """Return the text of an edits file, equal for equal edits."""
    relabelled = [{"row": row, "label": edits.relabelled[row]} for row in sorted(edits.relabelled)]
    values = {
        "format": FORMAT,
        "version": VERSION,
        "fingerprint": edits.fingerprint,
        "excluded": np.sort(edits.excluded).tolist(),
        "relabelled": relabelled,
    }
    return json.dumps(values, indent=1)


def _parse(path: str, values: Any) -> Edits:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise DataError(f'{path} is not an edits file: it lacks "format": "{FORMAT}".')
    if values.get("version") != VERSION:
        raise DataError(
            f"{path} has another version; this program reads version {VERSION}. "
            "Update the program or save the file with this one."
        )
    if not set(values) <= _FIELDS:
        raise DataError(
            f"{path} has an unknown entry. Keep only these: {', '.join(sorted(_FIELDS))}."
        )
    fingerprint = values.get("fingerprint")
    if not isinstance(fingerprint, str) or not fingerprint:
        raise DataError(f"{path} names no training set. Add its fingerprint as text.")
    excluded = [
        _check_row(f'{path}: "excluded", entry {number}', row)
        for number, row in enumerate(_get_list(path, values, "excluded"), start=1)
    ]
    relabelled = [
        _check_change(f'{path}: "relabelled", entry {number}', one)
        for number, one in enumerate(_get_list(path, values, "relabelled"), start=1)
    ]
    _check_unique(path, [*excluded, *(row for row, _ in relabelled)])
    return Edits(np.array(sorted(excluded), np.int64), dict(relabelled), fingerprint)


def _get_list(path: str, values: dict[str, Any], name: str) -> list[Any]:
    rows = values.get(name, [])
    if not isinstance(rows, list):
        raise DataError(f'{path}: "{name}" is not a list. Write it as [1, 2, 3].')
    return rows


def _check_row(place: str, row: Any) -> int:
    if not isinstance(row, int) or isinstance(row, bool) or not 0 <= row < MAX_ROWS:
        raise DataError(f"{place} is not a row. Rows are whole numbers from 0.")
    return row


def _check_change(place: str, one: Any) -> tuple[int, int]:
    if not isinstance(one, dict) or set(one) != {"row", "label"}:
        raise DataError(f'{place} is not a relabelled row. Write it as {{"row": 42, "label": 6}}.')
    row, label = _check_row(f'{place}, "row"', one["row"]), one["label"]
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label < N_CLASSES:
        raise DataError(
            f"{place}: row {row} is given an unknown label. Labels are whole numbers "
            f"from 0 ({CLASS_NAMES[0]}) to {N_CLASSES - 1} ({CLASS_NAMES[-1]})."
        )
    return row, label


def _check_unique(path: str, rows: Iterable[int]) -> None:
    seen: set[int] = set()
    for row in rows:
        if row in seen:
            raise DataError(f"{path}: row {row} occurs twice. Remove one of the entries.")
        seen.add(row)


def _check_data(path: str, edits: Edits, dataset: Dataset) -> None:
    fingerprint = dataset.fingerprints["train"]
    if edits.fingerprint != fingerprint:
        raise DataError(
            f"{path} was made for another training set; the one in use has the fingerprint "
            f"{fingerprint[:12]}…. Use it with the data it was made for."
        )
    n = len(dataset.y_train)
    beyond = edits.rows[edits.rows >= n]
    if len(beyond):
        raise DataError(
            f"{path}: row {beyond[0]} is out of range: the training set has rows 0 to {n - 1:,}. "
            "Remove the row."
        )
