"""Tables as CSV text that people open in a spreadsheet: every CSV download is made here.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and such a
formula may send the neighbouring cells to a foreign server. Names, notes and file names come from
other people. So such a cell gets an apostrophe in front, as OWASP recommends, which makes it text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

_FORMULA: Final = re.compile(r"[\t\n]|\s*[=+\-@＝＋－＠]")
_NUMBER: Final = re.compile(r"\s*[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)


def escape_cell(value: Any) -> Any:
    """Return a text that a spreadsheet would take for a formula as text; others unchanged.

    In a list, each item is escaped. Numbers, even negative ones and as text, are not formulas.
    """
    if isinstance(value, list):
        return [escape_cell(item) for item in value]
    if not isinstance(value, str):
        return value
    # The CSV writer quotes a line feed, but not a carriage return, which also ends a row.
    text = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def escape_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts, including names of rows and columns, are not formulas."""
    safe = table.copy()
    texts = table.select_dtypes(exclude=["number", "bool"]).columns
    if len(texts):
        safe[texts] = table[texts].map(escape_cell)
    safe.columns = safe.columns.map(escape_cell)
    if table.index.name is not None:
        safe.index = safe.index.map(escape_cell).rename(escape_cell(table.index.name))
    return safe


def format_csv(table: pd.DataFrame, *, decimals: int | None = None) -> str:
    """Return a table as CSV text; an index without a name is omitted.

    Args:
        table: its columns have different names.
        decimals: the decimals of floats; None keeps what is needed to read the same number back.
    """
    float_format = None if decimals is None else f"%.{decimals}f"
    has_index = table.index.name is not None
    return str(escape_table(table).to_csv(index=has_index, float_format=float_format))
