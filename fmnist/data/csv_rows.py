"""Read CSV lines cell by cell: slow, but it can say which cell is wrong and why."""

from __future__ import annotations

import numpy as np

from fmnist.data.csv_cells import parse_intensity, parse_label
from fmnist.data.csv_layout import Layout, split_cells
from fmnist.data.dataset import UInt8Array
from fmnist.errors import DataError


def parse_rows(block: bytes, layout: Layout, name: str, line: int) -> UInt8Array:
    """Return labels and pixels of whole lines, uint8 ``(n, len(layout.order))``.

    Args:
        block: lines of the file, with their ends.
        layout: what the columns hold.
        name: the file's name, for messages.
        line: the number of the first of these lines in the file, from 1.

    Raises:
        DataError: the first wrong cell, by line and column.
    """
    texts = block.rstrip(b"\r\n").split(b"\n")
    table = np.empty((len(texts), len(layout.order)), np.uint8)
    for row, text in enumerate(texts):
        table[row] = _parse_line(text, layout, f"{name}, line {line + row:,}")
    return table


def _parse_line(raw: bytes, layout: Layout, where: str) -> list[int]:
    try:
        text = raw.decode("utf-8").strip("\r")
    except UnicodeDecodeError as error:
        raise DataError(f"{where} is not text in UTF-8 ({error}). Correct the line.") from error
    cells = split_cells(text, layout.separator, where)
    if not any(cells):
        raise DataError(f"{where} is empty. Take it out.")
    columns = layout.columns
    if len(cells) != len(columns):
        raise DataError(f"{where} has {len(cells)} columns, not {len(columns)}. Correct the line.")
    at = layout.order[0]
    label = parse_label(cells[at], f"{where}, column {columns[at]!r}")
    return [
        label,
        *(
            parse_intensity(cells[at], f"{where}, column {columns[at]!r}")
            for at in layout.order[1:]
        ),
    ]
