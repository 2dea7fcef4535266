"""Read the CSV files, plain, gzipped or in a zip, with every check.

A file is taken in blocks of whole lines. Polars parses a block into unsigned bytes, which refuses
text, decimals, negatives and anything above 255. Only a block that it refuses is gone through
again, cell by cell, by ``csv_rows``, which finds the line and column to blame.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO, Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES, N_PIXELS
from fmnist.data.csv_rows import parse_rows
from fmnist.data.dataset import Progress, UInt8Array
from fmnist.data.sources import DataFile, open_stream
from fmnist.errors import DataError

COLUMN_NAMES: Final = ("label", *(f"pixel{number}" for number in range(1, N_PIXELS + 1)))
"""The header of the archive's CSV files; pixels run along each row of the image."""

_BLOCK_SIZE: Final = 16 << 20
_AGAIN: Final = "Download the file again."


def load_csv(files: tuple[DataFile, ...], progress: Progress) -> dict[str, UInt8Array]:
    """Return the arrays of ``ARRAY_NAMES`` from the train and the test file, in that order.

    Accepted: columns in any order, quotes, Windows line ends, a byte-order mark, blank lines at
    the end, any number of rows.

    Raises:
        DataError: A file can't be read or a cell is wrong; the message names line and column.
    """
    train, test = files
    # The train file is six times as long as the test file.
    x_train, y_train = load_csv_file(train, lambda doing, share: progress(doing, 0.85 * share))
    x_test, y_test = load_csv_file(test, lambda doing, share: progress(doing, 0.85 + 0.1 * share))
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def load_csv_file(file: DataFile, progress: Progress) -> tuple[UInt8Array, UInt8Array]:
    """Return images, uint8 ``(n, 28, 28)``, and labels, uint8 ``(n,)``, of one CSV file.

    Raises:
        DataError: The file can't be read or a cell is wrong; the message names line and column.
    """
    images, labels = [], []
    with open_stream(file) as (stream, read_share):
        columns = _read_header(file.name, stream.readline(_BLOCK_SIZE))
        order = None if columns == COLUMN_NAMES else [columns.index(name) for name in COLUMN_NAMES]
        line = 2
        for block in _split_lines(stream):
            table = _parse_block(block, columns, file.name, line)
            if order is not None:
                table = table[:, order]
            _check_labels(table[:, 0], file.name, line)
            labels.append(table[:, 0])
            images.append(table[:, 1:])
            line += len(table)
            progress(f"Reading {file.name}", read_share())
    if not labels:
        raise DataError(f"{file.name} has a header but no rows. {_AGAIN}")
    return np.concatenate(images).reshape(-1, *IMAGE_SHAPE), np.concatenate(labels)


def _parse_block(block: bytes, columns: tuple[str, ...], name: str, line: int) -> UInt8Array:
    """Return the cells of whole lines, uint8 ``(n, 785)``; ``line`` is the number of the first."""
    import polars as pl

    schema = dict.fromkeys(columns, pl.UInt8)
    try:
        frame = pl.read_csv(block, has_header=False, schema=schema)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        # A panic comes of an open quote before a carriage return at the end: "1,2,\"\r".
        return parse_rows(block, columns, name, line)
    # Polars passes over some blank lines, and fills empty cells and short lines with nulls.
    n_lines = block.count(b"\n") + (not block.endswith(b"\n"))
    if frame.height != n_lines or any(column.has_nulls() for column in frame):
        return parse_rows(block, columns, name, line)
    return np.asarray(frame.to_numpy(order="c"), np.uint8)


def _read_header(name: str, line: bytes) -> tuple[str, ...]:
    if not line:
        raise DataError(f"{name} is empty (0 bytes). {_AGAIN}")
    try:
        columns = tuple(cell.strip() for cell in next(csv.reader([line.decode("utf-8-sig")]), []))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{name}, line 1 is not text in UTF-8. {_AGAIN}") from error
    where = f"{name}, line 1 (the header)"
    expected = "label,pixel1,…,pixel784"
    missing = [column for column in COLUMN_NAMES if column not in set(columns)]
    if len(missing) > N_PIXELS // 2:
        start = ",".join(columns)[:40]
        raise DataError(f"{where} should be {expected} but begins {start!r}. {_AGAIN}")
    if missing:
        raise DataError(f"{where}: column {_list_some(missing)} is missing. {_AGAIN}")
    if len(columns) > len(COLUMN_NAMES):
        extra = [c for i, c in enumerate(columns) if c not in COLUMN_NAMES or c in columns[:i]]
        raise DataError(
            f"{where} has {len(columns)} columns, not {len(COLUMN_NAMES)}: "
            f"take out {_list_some(extra)}, or download the file again."
        )
    return columns


def _list_some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _check_labels(labels: UInt8Array, name: str, line: int) -> None:
    if labels.max() >= N_CLASSES:
        row = int(np.argmax(labels >= N_CLASSES))
        raise DataError(
            f"{name}, line {line + row:,}, column 'label': {labels[row]} is outside 0–9. "
            "Correct the cell, or download the file again."
        )


def _split_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of ``stream`` in blocks of whole lines, without blank lines at its end."""
    rest = b""
    while block := stream.read(_BLOCK_SIZE):
        block = rest + block
        # Line ends at the tail wait for the next block, which tells whether anything follows.
        cut = block.rfind(b"\n", 0, len(block.rstrip(b"\r\n"))) + 1
        if cut:
            yield block[:cut]
        rest = block[cut:]
    if rest.strip():
        yield rest.rstrip(b"\r\n")
