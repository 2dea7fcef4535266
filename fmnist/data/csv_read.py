"""Reads and validates CSV files: plain, gzipped or in a zip.

A file is read in blocks of whole lines. Polars parses a block into unsigned bytes, which rejects
text, decimals, negatives and anything above 255; then, for a file with decimals, into floats that
must be integers. A rejected block is read again cell by cell by ``csv_rows``, which finds the line
and column of the error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.data.csv_cells import find_label
from fmnist.data.csv_layout import Layout, check_length, find_layout
from fmnist.data.csv_rows import parse_rows
from fmnist.data.dataset import Progress, UInt8Array
from fmnist.data.open_file import DataFile, open_stream
from fmnist.errors import DataError
from fmnist.settings import MAX_IMAGES, MAX_LINE_BYTES, MAX_ODD_ROWS

if TYPE_CHECKING:
    import polars as pl

_BLOCK_SIZE: Final = 4 << 20


def load_csv(
    files: tuple[DataFile, ...], progress: Progress
) -> tuple[dict[str, UInt8Array], tuple[int, ...]]:
    """Return the arrays of ``ARRAY_NAMES`` from the train and the test file, in that order.

    Accepted: the layouts of ``csv_layout``, columns in any order, quotes, a byte-order mark, blank
    lines at the end, any number of rows.

    Returns:
        The arrays, and for each file the line of its first image, from 1.

    Raises:
        DataError: A file can't be read or a cell is wrong; the message names line and column.
    """
    train, test = files
    # The train file is six times as long as the test file.
    x_train, y_train, train_line = load_csv_file(
        train, lambda doing, share: progress(doing, 0.85 * share)
    )
    x_test, y_test, test_line = load_csv_file(
        test, lambda doing, share: progress(doing, 0.85 + 0.1 * share)
    )
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return arrays, (train_line, test_line)


def load_csv_file(file: DataFile, progress: Progress) -> tuple[UInt8Array, UInt8Array, int]:
    """Return images, uint8 ``(n, 28, 28)``, labels, uint8 ``(n,)``, and the first image's line.

    Raises:
        DataError: The file can't be read or a cell is wrong; the message names line and column.
    """
    images, labels, n_odd = [], [], 0
    with open_stream(file) as (stream, read_share):
        head = stream.read(_BLOCK_SIZE)
        layout = find_layout(file.name, head)
        line = layout.first_line
        for block in _split_lines(head[layout.n_skipped_bytes :], stream, layout, file.name):
            table = _parse_block(block, layout)
            if table is None:
                table = parse_rows(block, layout, file.name, line)
                n_odd += len(table)
            _check_count(file.name, line - layout.first_line + len(table), n_odd)
            labels.append(table[:, 0])
            images.append(table[:, 1:])
            line += len(table)
            progress(f"Reading {file.name}", read_share())
    if not labels:
        raise DataError(
            f"{file.name} has a header but no rows. Put the complete file in its place."
        )
    return (
        np.concatenate(images).reshape(-1, *IMAGE_SHAPE),
        np.concatenate(labels),
        layout.first_line,
    )


def _check_count(name: str, n_rows: int, n_odd: int) -> None:
    if n_rows > MAX_IMAGES:
        raise DataError(
            f"{name} has more than {MAX_IMAGES:,} images, the limit for a file. "
            "Put the file of Fashion-MNIST in its place, or remove rows."
        )
    if n_odd > MAX_ODD_ROWS:
        raise DataError(
            f"{name} has more than {MAX_ODD_ROWS:,} rows whose cells are not plain numbers, such "
            "as '+7' or numbers between tabs. Save the file as CSV with whole numbers."
        )


def _parse_block(block: bytes, layout: Layout) -> UInt8Array | None:
    r"""Return labels and pixels of whole lines, uint8 ``(n, len(layout.order))``.

    None if the block must be read cell by cell because a cell is invalid or unusual.

    Args:
        block: whole lines that end with ``b"\n"``.
        layout: the columns.
    """
    import polars as pl

    for data_type in (pl.UInt8, pl.Float64):
        frame = _read_frame(block, layout, data_type)
        table = None if frame is None else _convert(frame, layout)
        if table is not None:
            return table
    plain = _strip_spaces(block, layout.separator.encode())
    return None if plain == block else _parse_block(plain, layout)


def _strip_spaces(block: bytes, separator: bytes) -> bytes:
    """Return a block without one space before and one after each separator."""
    if separator == b" ":
        return block
    return block.replace(b" " + separator, separator).replace(separator + b" ", separator)


def _read_frame(block: bytes, layout: Layout, data_type: type[pl.DataType]) -> pl.DataFrame | None:
    """Return the data read by Polars; None if it rejects or skips a cell or line."""
    import polars as pl

    n_lines = block.count(b"\n") + (not block.endswith(b"\n"))
    # Polars pads short lines: a block of line ends would become gigabytes of empty cells.
    if block.count(layout.separator.encode()) < n_lines * (len(layout.columns) - 1):
        return None
    types = dict.fromkeys(map(str, range(len(layout.columns))), pl.String)
    types |= dict.fromkeys(map(str, layout.order), data_type)
    if layout.has_class_names:
        types[str(layout.order[0])] = pl.String
    try:
        frame = pl.read_csv(
            block,
            has_header=False,
            schema=types,
            separator=layout.separator,
            decimal_comma=layout.separator != "," and b"," in block,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        # Polars panics at an open quote before a final carriage return: "1,2,\"\r".
        return None
    # Polars skips some blank lines, and fills empty cells and short lines with nulls.
    if frame.height != n_lines or any(column.has_nulls() for column in frame):
        return None
    names = list(map(str, layout.order))
    return frame if frame.columns == names else frame.select(names)


def _convert(frame: pl.DataFrame, layout: Layout) -> UInt8Array | None:
    """Return the cells as unsigned bytes; None if one is neither a label nor an intensity."""
    import polars as pl

    if layout.has_class_names:
        names = frame.to_series(0)
        labels = [find_label(name) for name in names]
        if None in labels:
            return None
        frame = frame.with_columns(pl.Series(names.name, labels, pl.UInt8))
    cells = frame.to_numpy(order="c")
    if cells.dtype != np.uint8:
        is_intensity = (cells >= 0) & (cells <= 255) & (cells == np.floor(cells))
        if not is_intensity.all():
            return None
    table = np.asarray(cells, np.uint8)
    return table if table[:, 0].max() < N_CLASSES else None


def _split_lines(block: bytes, stream: IO[bytes], layout: Layout, name: str) -> Iterator[bytes]:
    r"""Yield ``block`` and the rest of ``stream`` in blocks of whole lines ending with ``\n``.

    Blank lines at the end are dropped.
    """
    rest, n_lines = b"", layout.first_line - 1
    while block:
        block = rest + (block if layout.line_end == b"\n" else block.replace(b"\r", b"\n"))
        # Line ends at the end of a block are kept back until the next one shows whether more
        # follows.
        cut = block.rfind(b"\n", 0, len(block.rstrip(b"\r\n"))) + 1
        if cut:
            yield block[:cut]
        n_lines += block.count(b"\n", 0, cut)
        check_length(block[cut:].rstrip(b"\r\n"), f"{name}, line {n_lines + 1:,}")
        # Keeping a few of many blank lines is enough to detect them later.
        rest = block[cut : cut + 2 * MAX_LINE_BYTES]
        block = stream.read(_BLOCK_SIZE)
    if rest.strip():
        yield rest.rstrip(b"\r\n")
