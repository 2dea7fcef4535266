"""Writes a data set as two CSV files in the standard layout."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Final

import numpy as np

from fmnist.data.csv_layout import COLUMN_NAMES
from fmnist.data.dataset import Dataset, Progress, UInt8Array, ignore_progress
from fmnist.data.names import CSV_NAMES
from fmnist.errors import DataError, explain_write_error

_BLOCK_ROWS: Final = 5_000


def write_csv(dataset: Dataset, folder: Path, progress: Progress | None = None) -> list[Path]:
    """Write ``fashion-mnist_train.csv`` and ``fashion-mnist_test.csv`` and return their paths.

    ``folder`` is created if it is missing. A file appears, or replaces an older one, only once it
    is complete. ``load_dataset`` with this folder as the archive returns identical arrays.

    Raises:
        DataError: The folder can't be written, or its disk is full.
    """
    report = progress or ignore_progress
    n_done, n_total = 0, len(dataset.y_train) + len(dataset.y_test)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (images, labels) in zip(
            CSV_NAMES, (dataset.split("train"), dataset.split("test")), strict=True
        ):
            with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as building:
                temporary = Path(building) / name
                with temporary.open("wb") as file:
                    file.write((",".join(COLUMN_NAMES) + "\n").encode("ascii"))
                    for start in range(0, len(labels), _BLOCK_ROWS):
                        rows = slice(start, start + _BLOCK_ROWS)
                        _write_rows(file, images[rows], labels[rows])
                        n_done += len(labels[rows])
                        report(f"Writing {name}", n_done / n_total)
                paths.append(temporary.replace(folder / name))
    except OSError as error:
        raise DataError(
            f"{explain_write_error(error, str(folder), '160 MB')} Or choose another folder."
        ) from error
    return paths


def _write_rows(file: IO[bytes], images: UInt8Array, labels: UInt8Array) -> None:
    import polars as pl

    table = np.column_stack([labels, images.reshape(len(images), -1)])
    pl.DataFrame(table).write_csv(file, include_header=False)
