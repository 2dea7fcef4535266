"""Parses a cell of a CSV file, a label or an intensity, in any known notation."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import Final

from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.errors import DataError

_LABEL_OF_NAME: Final = {
    re.sub("[^a-z]", "", name.lower()): label for label, name in enumerate(CLASS_NAMES)
} | {"tshirt": 0, "trousers": 1}


def find_label(cell: str) -> int | None:
    """Return the label in ``cell``, written as a number or class name, or None."""
    cell = cell.strip("'")  # left by converters of OpenML's ARFF file
    number = parse_number(cell)
    if number is not None:
        return int(number) if 0 <= number < N_CLASSES and number % 1 == 0 else None
    return _LABEL_OF_NAME.get(re.sub(r"[\s/_.-]", "", cell.lower()))


def is_number(cell: str) -> bool:
    """Return whether ``cell`` is a number in decimal notation."""
    return parse_number(cell) is not None


def parse_number(cell: str) -> float | None:
    """Return the number in ``cell``, written ``9``, ``9.0``, ``9,0`` or ``9e0``, or None."""
    text = cell.strip().replace(",", ".")
    if not text.isascii() or "_" in text:  # Python's notation, not that of a CSV writer
        return None
    try:
        return float(text)
    except ValueError:
        return None


def find_intensities(cells: Sequence[str]) -> list[int] | None:
    """Return the intensities in ``cells``, quickly, or None if a cell may not be one."""
    text = "".join(cells)
    if not text.isascii() or "_" in text:
        return None
    with contextlib.suppress(ValueError):
        return list(bytes(map(int, cells)))
    try:
        numbers = [float(cell.replace(",", ".")) for cell in cells]
    except ValueError:
        return None
    is_intensity = all(0 <= number <= 255 and number % 1 == 0 for number in numbers)
    return list(map(int, numbers)) if is_intensity else None


def parse_intensity(cell: str, where: str) -> int:
    """Return an intensity, 0 to 255.

    Raises:
        DataError: it is not a whole number in that range; the message begins with ``where``.
    """
    text = cell.strip()
    if text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= 255:
        return int(text)
    number = parse_number(text)
    if number is not None and 0 <= number <= 255 and number % 1 == 0:
        return int(number)
    raise _describe_fault(text, number, where, "0–255")


def parse_label(cell: str, where: str) -> int:
    """Return a label, 0 to 9, from a number or a class name.

    Raises:
        DataError: it is neither; the message begins with ``where``.
    """
    label = find_label(cell)
    if label is None:
        raise _describe_fault(cell.strip(), parse_number(cell), where, f"0–{N_CLASSES - 1}")
    return label


def _describe_fault(text: str, number: float | None, where: str, limits: str) -> DataError:
    shown = text if len(text) <= 20 else f"{text[:20]}…"
    if not text:
        return DataError(f"{where} is empty. Whole numbers {limits} belong there.")
    if number is None:
        return DataError(
            f"{where}: {shown!r} is not a number. Whole numbers {limits} belong there."
        )
    if 0 <= number <= 255 and number % 1:
        remedy = "Correct the cell; if all are scaled to 0–1, multiply them by 255."
        return DataError(f"{where}: {shown} is not a whole number {limits}. {remedy}")
    return DataError(f"{where}: {shown} is outside {limits}. Correct the cell.")
