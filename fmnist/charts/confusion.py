"""The confusion matrix, and similar ones, as an HTML table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt

from fmnist.classes import CLASS_NAMES, N_CLASSES

CELL_HEIGHT: Final = 44
"""Height of a cell, in pixels."""

_RIGHT: Final = "63 144 218"
_WRONG: Final = "231 99 0"
_MOST_OPAQUE: Final = 0.7
"""Opacity of the strongest colour: the page's text has a contrast of 4.5 on it in both themes."""

_STYLE: Final = """
.matrix { overflow-x: auto; }
.matrix:focus-visible { outline: 3px solid currentColor; }
.matrix table { width: 100%; min-width: 360px; table-layout: fixed; border-collapse: separate;
  border-spacing: 2px; font-size: 0.8rem; line-height: 1.2; color: inherit; margin: 0; }
.matrix caption { text-align: left; font-size: 1rem; font-weight: 600; color: inherit;
  padding: 0 0 0.4rem; }
.matrix :is(th, td) { padding: 0; border: 0; text-align: center; font-weight: 400;
  color: inherit; }
.matrix th[scope=row] { text-align: right; padding-right: 0.35rem; }
.matrix th[scope=col] { vertical-align: bottom; }
.matrix :is(th[scope=col], th[scope=rowgroup]) span { writing-mode: vertical-rl;
  transform: rotate(180deg); }
.matrix td { height: var(--cell); border-radius: 3px; background: rgb(128 128 128 / 0.07);
  font-variant-numeric: tabular-nums; }
.matrix td.corner { background: none; }
.matrix button { display: block; width: 100%; height: var(--cell); padding: 0; border: 0;
  border-radius: 3px; background: none; color: inherit; font: inherit; cursor: pointer; }
.matrix button[aria-pressed=true] { box-shadow: inset 0 0 0 3px currentColor; }
"""


@dataclass(frozen=True, slots=True)
class MatrixWords:
    """The names of the rows, columns and cells of a matrix.

    Attributes:
        title: title of the table, without the unit.
        row: title of the rows.
        column: title of the columns.
        cell: name of a cell, with ``{row}`` and ``{column}`` for its two classes.
        whole: the total to which the shares of a row refer.
    """

    title: str = "Confusion matrix"
    row: str = "True class"
    column: str = "Predicted class"
    cell: str = "{row} classified as {column}"
    whole: str = "the true class"


CONFUSION: Final = MatrixWords()


def draw_confusion(
    counts: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    *,
    show_shares: bool = False,
    words: MatrixWords = CONFUSION,
    cell_height: int = CELL_HEIGHT,
    is_clickable: bool = False,
) -> str:
    """Draw a matrix of two labels per item as HTML: equal ones blue, different ones orange.

    HTML rather than a chart: a browser draws it in a tenth of the time, and a screen reader reads
    each number with its row and column.

    Args:
        counts: int64 (10, 10), true class by predicted class.
        shares: float64 (10, 10), each row's shares 0 to 1.
        show_shares: whether to write shares of the row in per cent into the cells instead of
            counts.
        words: the names; by default those of the confusion matrix.
        cell_height: in pixels.
        is_clickable: whether each cell is a button, whose value is its row and column, such as
            ``6-0``.
    """
    unit = f"share of {words.whole}, %" if show_shares else "images"
    colors = _choose_colors(counts, shares if show_shares else counts)
    numbers = shares if show_shares else counts
    rows = []
    for row, name in enumerate(CLASS_NAMES):
        cells = []
        for column, other in enumerate(CLASS_NAMES):
            number = _format_number(numbers[row, column]) if counts[row, column] else ""
            meaning = escape(
                f"{words.cell.format(row=name, column=other)}: {counts[row, column]:,} images, "
                f"{100 * shares[row, column]:.1f}% of {words.whole}"
            )
            color = colors[row][column]
            style = f' style="background:{color}"' if color else ""
            cells.append(
                f'<td{style}><button type="button" value="{row}-{column}" '
                f'aria-label="{meaning}">{number}</button></td>'
                if is_clickable
                else f'<td{style} title="{meaning}">{number}</td>'
            )
        group = f'<th scope="rowgroup" rowspan="{N_CLASSES}"><span>{escape(words.row)}</span></th>'
        rows.append(
            f'<tr>{group if row == 0 else ""}<th scope="row">{escape(name)}</th>'
            f"{''.join(cells)}</tr>"
        )
    columns = "".join(f'<th scope="col"><span>{escape(name)}</span></th>' for name in CLASS_NAMES)
    role = ' role="grid"' if is_clickable else ""
    # A part that scrolls has to be reached by key; cells that are buttons can be.
    stop = "" if is_clickable else f' tabindex="0" role="group" aria-label="{escape(words.title)}"'
    return (
        f'<div class="matrix" style="--cell:{cell_height}px"{stop}><style>{_STYLE}</style>'
        f"<table{role}><caption>{escape(words.title)} ({unit})</caption>"
        f'<colgroup><col style="width:1.4rem"><col style="width:5rem"><col span="{N_CLASSES}">'
        f'</colgroup><thead><tr><td class="corner" colspan="2" rowspan="2"></td>'
        f'<th scope="colgroup" colspan="{N_CLASSES}">{escape(words.column)}</th></tr>'
        f"<tr>{columns}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _choose_colors(
    counts: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64 | np.float64]
) -> list[list[str]]:
    """Return a colour for each cell, empty for those without images.

    Colours fade to transparent rather than white, so that weak ones are close to the page's colour
    in both themes. Diagonal and mistakes have separate ranges; in a shared one, mistakes of a few
    per cent would look empty.
    """
    diagonal = np.eye(N_CLASSES, dtype=bool)
    # The square root raises small values, so that both ten and a hundred mistakes are visible.
    strength = np.sqrt(numbers.astype(float))
    for inside in (diagonal, ~diagonal):
        strength[inside] /= max(float(strength[inside].max()), 1e-12)
    return [
        [
            f"rgb({_RIGHT if row == column else _WRONG} / "
            f"{_MOST_OPAQUE * strength[row, column]:.2f})"
            if counts[row, column]
            else ""
            for column in range(N_CLASSES)
        ]
        for row in range(N_CLASSES)
    ]


def _format_number(number: np.int64 | np.float64) -> str:
    if isinstance(number, np.integer):
        return f"{number:,}"
    return f"{100 * number:.0f}" if number >= 0.0995 else f"{100 * number:.1f}"
