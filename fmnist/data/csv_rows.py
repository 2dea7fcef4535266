"""Reads CSV lines cell by cell: slow, but reports which cell is invalid and why."""

from __future__ import annotations

import io

import numpy as np

from fmnist.data.csv_cells import find_intensities, parse_intensity, parse_label
from fmnist.data.csv_layout import Layout, check_length, split_cells
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
    rows = bytearray()
    for number, text in enumerate(io.BytesIO(block.rstrip(b"\r\n")), line):
        rows += bytes(_parse_line(text.rstrip(b"\n"), layout, f"{name}, line {number:,}"))
    return np.frombuffer(rows, np.uint8).reshape(-1, len(layout.order))


def _parse_line(raw: bytes, layout: Layout, where: str) -> list[int]:
    check_length(raw, where)
    try:
        text = raw.decode("utf-8").strip("\r")
    except UnicodeDecodeError as error:
        raise DataError(f"{where} is not text in UTF-8 ({error}). Correct the line.") from error
    cells = split_cells(text, layout.separator, where)
    if not any(cells):
        raise DataError(f"{where} is empty. Remove it.")
    columns = layout.columns
    if len(cells) != len(columns):
        raise DataError(f"{where} has {len(cells)} columns, not {len(columns)}. Correct the line.")
    at = layout.order[0]
    label = parse_label(cells[at], f"{where}, column {columns[at]!r}")
    pixels = find_intensities([cells[at] for at in layout.order[1:]])
    if pixels is None:
        pixels = [
            parse_intensity(cells[at], f"{where}, column {columns[at]!r}")
            for at in layout.order[1:]
        ]
    return [label, *pixels]
