"""The data set as four read-only arrays, and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from fmnist.settings import PROJECT_DIR

Progress = Callable[[str, float], None]
"""Called with what is being done and the fraction done, 0 to 1."""

UInt8Array = npt.NDArray[np.uint8]

ARRAY_NAMES = ("x_train", "y_train", "x_test", "y_test")

SplitName = Literal["train", "test"]

_FORMATS = {"csv": "the CSV files", "idx": "the IDX files", "download": "the downloaded files"}


def ignore_progress(_doing: str, _share: float, /) -> None:
    """Do nothing; the default for an optional ``Progress``."""


@dataclass(frozen=True)
class SourceFile:
    """A source file: its size in bytes, its MD5 as hex, and its number of images or labels.

    ``first_line`` is the line of a CSV file with its first image, from 1; None for IDX.
    """

    name: str
    rows: int | None
    size: int
    md5: str | None
    first_line: int | None = None


@dataclass(frozen=True)
class Source:
    """The source of a data set; ``notes`` are sentences that its users should know.

    ``files`` are the train and the test file of a CSV set, or the four IDX files in the order of
    ``ARRAY_NAMES``; the demo set has none.
    """

    kind: Literal["csv", "idx", "download", "demo"]
    folder: str | None
    files: tuple[SourceFile, ...]
    notes: tuple[str, ...]
    n_train: int = 0
    n_test: int = 0

    @property
    def is_demo(self) -> bool:
        """Return whether this is the demo set, drawn by the program."""
        return self.kind == "demo"

    @property
    def label(self) -> str:
        """The name of the data set in use, in one line."""
        if self.folder is None:
            return f"Demo set: {self.n_train:,} + {self.n_test:,} garments drawn by this program"
        counts = f"{self.n_train:,} + {self.n_test:,} images"
        return f"Fashion-MNIST, {counts}, from {_FORMATS[self.kind]} in {short_path(self.folder)}"

    def describe_row(self, split: SplitName, row: int) -> str:
        """Return where an image is stored, to continue a sentence after "Row" or "row".

        Args:
            split: ``"train"`` or ``"test"``.
            row: the image's number in the split, from 1.

        Returns:
            For example ``"7 of fashion-mnist_train.csv (line 8)"``,
            ``"7 of train-images-idx3-ubyte.gz"`` or ``"7 of the demo set's training images"``.
        """
        if not self.files:
            images = "training images" if split == "train" else "test images"
            return f"{row:,} of the demo set's {images}"
        file = self.files[0 if split == "train" else len(self.files) // 2]
        if file.first_line is None:
            return f"{row:,} of {file.name}"
        return f"{row:,} of {file.name} (line {file.first_line + row - 1:,})"


@dataclass(frozen=True)
class Dataset:
    """The data set, memory-mapped from a cache that all processes share.

    ``x_train`` and ``x_test`` are uint8 ``(n, 28, 28)``, 0 background to 255 brightest;
    ``y_train`` and ``y_test`` are uint8 ``(n,)``, labels 0 to 9. All four are read-only.
    ``fingerprints`` maps ``"train"`` and ``"test"`` to a hex hash of the decoded pixels and
    labels: the same data from CSV or IDX files have the same fingerprint.
    """

    x_train: UInt8Array
    y_train: UInt8Array
    x_test: UInt8Array
    y_test: UInt8Array
    source: Source
    fingerprints: dict[str, str]

    def split(self, name: SplitName) -> tuple[UInt8Array, UInt8Array]:
        """Return images and labels of ``"train"`` or ``"test"``."""
        if name == "train":
            return self.x_train, self.y_train
        if name == "test":
            return self.x_test, self.y_test
        raise ValueError(f"There is no split {name!r}: ask for 'train' or 'test'.")


def short_path(folder: str | Path) -> str:
    """Return ``folder`` for a message: relative to the project if inside it, with a slash."""
    path = Path(folder)
    if path.is_relative_to(PROJECT_DIR):
        path = path.relative_to(PROJECT_DIR)
    return f"{path}/"
