"""Go through CSV lines cell by cell: slow, but it can say which cell is wrong and why."""

from __future__ import annotations

import csv
from typing import Final

import numpy as np

from fmnist.data.dataset import UInt8Array
from fmnist.errors import DataError

_REMEDY: Final = "Correct it, or download the file again."


def parse_rows(block: bytes, columns: tuple[str, ...], name: str, line: int) -> UInt8Array:
    """Return the cells of whole lines, uint8 ``(n, len(columns))``.

    Args:
        block: Lines of the file, with their ends.
        columns: The names of the header, for messages.
        name: The file's name, for messages.
        line: The number of the first of these lines in the file, from 1.

    Raises:
        DataError: The first wrong cell, by line and column.
    """
    rows = [
        _parse_line(text, columns, f"{name}, line {number:,}")
        for number, text in enumerate(block.rstrip(b"\r\n").split(b"\n"), start=line)
    ]
    return np.array(rows, np.uint8)


def _parse_line(text: bytes, columns: tuple[str, ...], where: str) -> list[int]:
    try:
        cells = next(csv.reader([text.decode("utf-8").strip("\r")], strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{where} can't be read as CSV ({error}). {_REMEDY}") from error
    if not any(cell.strip() for cell in cells):
        raise DataError(f"{where} is empty. Take it out, or download the file again.")
    if len(cells) != len(columns):
        raise DataError(f"{where} has {len(cells)} columns, not {len(columns)}. {_REMEDY}")
    return [
        _parse_cell(cell, f"{where}, column {column!r}")
        for cell, column in zip(cells, columns, strict=True)
    ]


def _parse_cell(cell: str, where: str) -> int:
    text = cell.strip()
    if not text:
        raise DataError(f"{where} is empty. {_REMEDY}")
    digits = text.removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 9 and int(digits) <= 255:
        return int(digits)
    limits = "0–9" if where.endswith("'label'") else "0–255"
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    try:
        number = float(text)
    except ValueError:
        raise DataError(
            f"{where}: {shown!r} is not a number; whole numbers {limits} belong there. {_REMEDY}"
        ) from None
    if 0 <= number <= 255:
        raise DataError(f"{where}: {shown} is not a whole number {limits}. {_REMEDY}")
    raise DataError(f"{where}: {shown} is outside {limits}. {_REMEDY}")
