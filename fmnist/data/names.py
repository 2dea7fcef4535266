"""Identifies the data set's files by name, including names given by browsers and archivers."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

CSV_NAMES: Final = ("fashion-mnist_train.csv", "fashion-mnist_test.csv")
"""The names of Kaggle's ``zalando-research/fashionmnist``."""

IDX_NAMES: Final = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The official names, in the order of ``ARRAY_NAMES``."""

_PREFIX: Final = r"(?:(?:copy of|copy \(\d+\) of) )?"
_COPY: Final = r"(?:[ _-]+copy(?: ?\d+| ?\(\d+\))?| ?\(\d+\))?"
_SET: Final = r"(?:fashion(?:[ ._-]?mnist)?|fmnist)"

_CSV: Final = re.compile(
    rf"{_PREFIX}{_SET}[ ._-]*(?P<split>train|test)(?:ing)?{_COPY}"
    rf"(?:\.(?:csv|tsv|txt))*{_COPY}(?:\.gz)?"
)
_IDX: Final = re.compile(
    rf"{_PREFIX}(?:{_SET}[ ._-]+)?(?P<split>train|t10k|test)[ ._-]?(?P<kind>images|labels)"
    rf"(?:[ ._-]?idx(?P<n_dims>[13]))?(?:[ ._-]?ubyte)?{_COPY}"
    rf"(?:\.(?:bin|idx|dat|data|raw|ubyte|idx[13]))?{_COPY}(?:\.gz)?"
)

_OTHER_SETS: Final = frozenset({"mnist", "kmnist", "emnist", "qmnist"})

_RELATED: Final = re.compile(r"mnist|fashion|ubyte|idx[13]|t10k|(train|test)[ ._-]?(images|labels)")
_UNFINISHED: Final = frozenset({".crdownload", ".part", ".partial", ".download", ".tmp"})
_PACKED: Final = frozenset({".zip", ".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".zst"})
_FORMATS: Final = frozenset(
    {".npy", ".npz", ".parquet", ".arff", ".pkl", ".pickle", ".h5", ".mat", ".pt", ".xlsx", ".ods"}
)
_TABLES: Final = frozenset({".csv", ".tsv", ".gz"})


def identify_file(name: str) -> str | None:
    """Return the one of ``CSV_NAMES`` and ``IDX_NAMES`` that a file's name stands for, or None.

    Accepted are capitals, underscores and dots instead of hyphens, ``test`` for ``t10k``, a name
    without ``idx3-ubyte``, endings such as ``.bin``, ``.gz`` after any name, and the marks of
    copies, such as ``(1)``.
    """
    lower = name.lower()
    match = _CSV.fullmatch(lower)
    if match:
        return CSV_NAMES[0 if match["split"] == "train" else 1]
    match = _IDX.fullmatch(lower)
    if not match:
        return None
    is_labels = match["kind"] == "labels"
    if match["n_dims"] not in {None, "1" if is_labels else "3"}:
        return None
    return IDX_NAMES[(0 if match["split"] == "train" else 2) + is_labels]


def is_other_set(place: PurePosixPath) -> bool:
    """Return whether a folder belongs to another data set with the same file names."""
    return any(part.lower() in _OTHER_SETS for part in place.parts)


def explain_why_unused(name: str) -> str | None:
    """Return why a file of this name is not used, or None if it isn't a data file."""
    path = PurePosixPath(name.lower())
    if path.name.startswith("._"):
        return "metadata of macOS, not the file itself" if _RELATED.search(path.name) else None
    if path.suffix in _UNFINISHED:
        return "an unfinished download; complete it"
    if path.suffix in _PACKED or path.suffixes[-2:] == [".tar", ".gz"]:
        return "a packed archive of a kind that can't be read; unpack it into the folder"
    if path.suffix in _FORMATS:
        return "only CSV and IDX files can be read"
    if path.suffix in _TABLES or _RELATED.search(path.name):
        is_test = "test" in path.name or "t10k" in path.name
        train, test = CSV_NAMES if path.suffix in {".csv", ".tsv"} else IDX_NAMES[::2]
        example = test if is_test else train
        return f"its name is unknown; name it like {example} if it is part of the set"
    return None
