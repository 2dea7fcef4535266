"""Detects the layout of a CSV file from its first lines.

The standard layout is that of Kaggle's ``zalando-research/fashionmnist``: a header
``label,pixel1,…,pixel784``, then one image per line. The data set is also published with the class
in the last column (OpenML 40996), with ``pixel0`` to ``pixel783``, with an index column, with
other separators and line ends, with class names, and without a header: all of these are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fmnist.classes import IMAGE_SIZE, N_PIXELS
from fmnist.data.csv_cells import find_label, is_number
from fmnist.errors import DataError
from fmnist.settings import MAX_LINE_BYTES

COLUMN_NAMES: Final = ("label", *(f"pixel{number}" for number in range(1, N_PIXELS + 1)))
"""The header of the standard layout; pixels run along each row of the image."""

_EXPECTED: Final = ",".join((*COLUMN_NAMES[:2], "…", COLUMN_NAMES[-1]))

_SEPARATORS: Final = (",", ";", "\t", "|", " ")
_SEPARATOR_LINE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\"?sep=(.)\"?\r?$")  # Excel's first line
_BOM: Final = b"\xef\xbb\xbf"
_LABEL_NAMES: Final = frozenset({"label", "labels", "class", "target", "category", "y"})
_INDEX_NAME: Final = re.compile(
    r"|#|unnamed: ?\d+|(?:(?:image|row|item)[ _-]?)?(?:id|index|idx|no|number|row)"
)
_PIXEL_NAME: Final = re.compile(r"(?:pixel|pix|px|p|x|v|feature|f|column|col)?[ _.-]*(\d{1,4})")
_NUMBERED: Final = re.compile(r"(?:v|x|f|col|column|feature|var|field)?[ _.]?(\d{1,3})")
_CELL_NAME: Final = re.compile(r"(\d{1,2})x(\d{1,2})")
_N_SAMPLED_LINES: Final = 1_000


@dataclass(frozen=True)
class Layout:
    r"""The positions of the label and the pixels in a CSV file.

    Attributes:
        separator: the character between cells.
        columns: the columns' names, as messages use them.
        order: positions of the label and of pixels 1 to 784 among the columns.
        first_line: the number of the line with the first image, from 1.
        n_skipped_bytes: bytes before that line: byte-order mark and header.
        line_end: ``b"\n"``, also after ``b"\r"``, or ``b"\r"``.
        has_class_names: whether labels are written as names, such as ``Coat``.
    """

    separator: str = ","
    columns: tuple[str, ...] = COLUMN_NAMES
    order: tuple[int, ...] = tuple(range(len(COLUMN_NAMES)))
    first_line: int = 2
    n_skipped_bytes: int = 0
    line_end: bytes = b"\n"
    has_class_names: bool = False


def find_layout(name: str, head: bytes) -> Layout:
    """Return the layout of the file ``name`` that begins with ``head``, a thousand lines or more.

    Raises:
        DataError: it is empty, not text, or its columns are not those of the data set.
    """
    if not head:
        raise DataError(f"{name} is empty (0 bytes). Put the complete file in its place.")
    line_end = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
    lines = head.split(line_end, _N_SAMPLED_LINES)[:_N_SAMPLED_LINES]
    for number, line in enumerate(lines, 1):
        check_length(line, f"{name}, line {number:,}")
    excel = _SEPARATOR_LINE.match(lines[0])
    n_before = 1 if excel and len(lines) > 1 else 0
    where = f"{name}, line {n_before + 1}"
    text = _decode(lines[n_before], where)
    separator = excel[1].decode("latin-1") if excel else max(_SEPARATORS, key=text.count)
    cells = split_cells(text, separator, where)
    is_numbered = _is_numbered(cells)
    has_names = not is_numbered and any(not _is_value(cell) for cell in cells)
    if has_names or is_numbered:
        n_before += 1
    rows = [line.decode("utf-8-sig", "replace") for line in lines[n_before:] if line.strip()]
    if has_names:
        columns, order = tuple(cells), _order_columns(cells, text, f"{where} (the header)")
    else:
        columns = _name_columns(cells, _read_ends(rows, separator), where)
        order = tuple(columns.index(column) for column in COLUMN_NAMES)
    n_bytes = sum(len(line) + len(line_end) for line in lines[:n_before])
    first_row = rows[0].split(separator) if rows else []
    label = _strip(first_row[order[0]]) if len(first_row) > order[0] else ""
    return Layout(
        separator,
        columns,
        order,
        first_line=n_before + 1,
        n_skipped_bytes=n_bytes or len(_BOM) * head.startswith(_BOM),
        line_end=line_end,
        has_class_names=_is_value(label) and not is_number(label),
    )


def check_length(line: bytes, where: str) -> None:
    """Reject a line that is too long for one image.

    Raises:
        DataError: it has more than ``MAX_LINE_BYTES``; the message begins with ``where``.
    """
    if len(line) > MAX_LINE_BYTES:
        raise DataError(
            f"{where} is longer than {MAX_LINE_BYTES:,} characters; {len(COLUMN_NAMES)} cells "
            "belong there, one line per image. Put the file of Fashion-MNIST in its place."
        )


def split_cells(text: str, separator: str, where: str) -> list[str]:
    """Return the stripped cells of one line.

    Raises:
        DataError: a quote is left open; the message begins with ``where``.
    """
    n_cells = text.count(separator) + 1
    if n_cells > 4 * len(COLUMN_NAMES):
        raise DataError(f"{where} has {n_cells:,} columns, not {len(COLUMN_NAMES)}.")
    try:
        cells = next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise DataError(f"{where} can't be read as CSV ({error}). Correct the line.") from error
    return [cell.strip() for cell in cells]


def _decode(line: bytes, where: str) -> str:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise DataError(f"{where} is not text in UTF-8. Save the file as CSV in UTF-8.")
    return text.strip("\r")


def _strip(cell: str) -> str:
    return cell.strip(' "\r')


def _is_value(cell: str) -> bool:
    """Return whether this is a number or a class name, so part of a row, not a header."""
    return is_number(cell) or find_label(cell) is not None


def _is_numbered(cells: Sequence[str]) -> bool:
    """Return whether a header only numbers the columns, as in 0, …, 784 or V1, …, V785."""
    matches = [_NUMBERED.fullmatch(cell.lower()) for cell in cells]
    numbers = [int(match[1]) for match in matches if match]
    return any(numbers == list(range(start, start + len(COLUMN_NAMES))) for start in (0, 1))


def _read_ends(rows: Sequence[str], separator: str) -> list[tuple[str, str]]:
    """Return the first and the last cell of each row."""
    return [
        (_strip(row.split(separator, 1)[0]), _strip(row.rsplit(separator, 1)[-1])) for row in rows
    ]


def _name_columns(
    cells: Sequence[str], ends: Sequence[tuple[str, str]], where: str
) -> tuple[str, ...]:
    """Return the column names of a file without a header: the label is the first or the last."""
    if not any(cells):
        raise DataError(f"{where} is empty. The header belongs there: {_EXPECTED}.")
    if len(cells) != len(COLUMN_NAMES):
        raise DataError(
            f"{where} has {len(cells):,} cells and no column names. Without names, a line "
            f"holds {len(COLUMN_NAMES)} cells: the label and {N_PIXELS} pixels."
        )
    first, last = (_count_labels([pair[at] for pair in ends]) for at in (0, 1))
    # Corner pixels are 0 in nearly all images, so they look like labels of few classes.
    return (*COLUMN_NAMES[1:], COLUMN_NAMES[0]) if last > first else COLUMN_NAMES


def _count_labels(cells: Sequence[str]) -> int:
    """Count the different labels; 0 if a cell isn't a label."""
    labels = {find_label(cell) for cell in cells}
    return 0 if None in labels else len(labels)


def _order_columns(columns: list[str], text: str, where: str) -> tuple[int, ...]:
    labels, pixels, others = _sort_columns(columns)
    base = 0 if 0 in pixels else 1
    wanted = range(base, base + N_PIXELS)
    missing = [f"pixel{number}" for number in wanted if number not in pixels]
    others += [columns[at] for number, at in pixels.items() if number not in wanted]
    if len(missing) > N_PIXELS // 2:
        raise DataError(
            f"{where} begins {text[:40]!r}. It should name the columns {_EXPECTED}, in any order."
        )
    if missing:
        raise DataError(f"{where}: column {_list_some(missing)} is missing.")
    if not labels:
        extra = f" Rename {_list_some(others)} if that is it." if others else ""
        raise DataError(f"{where}: no column is named 'label' or 'class'.{extra}")
    others += [columns[at] for at in labels[1:]]
    if others:
        raise DataError(
            f"{where} has {len(columns)} columns, not {len(COLUMN_NAMES)}: "
            f"remove {_list_some(others)}."
        )
    return (labels[0], *(pixels[number] for number in wanted))


def _sort_columns(columns: list[str]) -> tuple[list[int], dict[int, int], list[str]]:
    """Return the labels' positions, the position of each pixel number, and the other columns."""
    labels: list[int] = []
    pixels: dict[int, int] = {}
    others: list[str] = []
    is_zero_based = any(re.fullmatch("0x0", column) for column in columns)
    for position, column in enumerate(columns):
        lower = column.lower()
        number = _read_pixel_number(lower, is_zero_based=is_zero_based)
        if lower in _LABEL_NAMES:
            labels.append(position)
        elif number is not None and number not in pixels:
            pixels[number] = position
        elif number is not None or not _INDEX_NAME.fullmatch(lower):
            others.append(column)
    return labels, pixels, others


def _read_pixel_number(column: str, *, is_zero_based: bool) -> int | None:
    match = _PIXEL_NAME.fullmatch(column)
    if match:
        return int(match[1])
    match = _CELL_NAME.fullmatch(column)  # row and column of the image, such as 28x28
    if not match:
        return None
    row, at = int(match[1]), int(match[2])
    return row * IMAGE_SIZE + at if is_zero_based else (row - 1) * IMAGE_SIZE + at


def _list_some(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
