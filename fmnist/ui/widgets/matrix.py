"""A matrix of two labels per item; a cell is selected by click, key, select box or URL."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.confusion import CELL_HEIGHT, CONFUSION, MatrixWords, draw_confusion
from fmnist.classes import N_CLASSES
from fmnist.ui.shell.markdown import shorten
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import UrlChoice, get_state, read_widget
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.url import read_parameter
from fmnist.ui.widgets.items import ANY_CLASS, select_class

CELLS: Final = [f"{row}-{column}" for row in range(N_CLASSES) for column in range(N_CLASSES)]
"""The cells of a matrix as the URL writes them: ``7-9`` is row 7, column 9."""

_ANY: Final = "any"
_LABELS: Final = [_ANY, *map(str, range(N_CLASSES))]
_CELLS_WITH_ANY: Final = [f"{row}-{column}" for row in _LABELS for column in _LABELS]
"""Also ``any-9`` for the whole column 9, and ``any-any`` for the whole matrix."""

EVERY_CELL: Final = (ANY_CLASS, ANY_CLASS)

_PRESENTED_CELL_HEIGHT: Final = 29
"""Height of a cell in a presentation, in pixels: all rows fit a screen of 1024×768."""

_HTML: Final = '<div class="all"><div class="place"></div><div class="note" hidden></div></div>'

_CSS: Final = """
.all { position: relative; font-family: var(--st-font); color: var(--st-text-color); }
.place button:focus-visible { outline: 3px solid var(--st-primary-color); }
.note { position: absolute; z-index: 1; padding: 0.3rem 0.5rem; border-radius: 4px;
  font-size: 0.8rem; line-height: 1.3; max-width: 16rem; pointer-events: none;
  background: var(--st-text-color); color: var(--st-background-color); }
.note[hidden] { display: none; }
"""


def follow_cell(name: str, default: tuple[int, int]) -> UrlChoice:
    """Return the choice of a cell, updated from the URL (``cell=7-9``) if that has changed.

    Args:
        name: the name of the page's state.
        default: the cell (row, column) if the URL names none; with ``EVERY_CELL``, a whole row, a
            column or the matrix can be selected.
    """
    asked = read_parameter("cell")
    options = _CELLS_WITH_ANY if default == EVERY_CELL else CELLS
    if asked is not None and asked not in options:
        show_warning(
            f"“{shorten(asked)}” is not a cell, so another one is shown. A cell is written as the "
            "labels of its row and its column, 0 to 9 each, such as 6-0."
        )
    choice = get_state(UrlChoice, name)
    choice.follow("cell", [write_cell(default), *options])
    return choice


def write_cell(labels: tuple[int, int]) -> str:
    """Return a cell (row, column) in the format of the URL."""
    return "-".join(_LABELS[label + 1] for label in labels)


def select_cell_labels(
    choice: UrlChoice, *, row: tuple[str, str], column: tuple[str, str], with_any: bool = False
) -> tuple[int, int]:
    """Draw the two select boxes for the cell, and return its labels (row, column).

    Args:
        choice: from ``follow_cell``.
        row: label and key of the row's box.
        column: label and key of the column's box.
        with_any: whether the boxes offer ``ANY_CLASS``, as the default ``EVERY_CELL`` requires.
    """
    numbers = [_LABELS.index(label) - (not with_any) for label in choice.value.split("-")]
    with st.container(horizontal=True):
        first, second = (
            select_class(label, choice.key(key), index=index, with_any=with_any)
            for (label, key), index in zip((row, column), numbers, strict=True)
        )
    choice.write("cell", write_cell((first, second)))
    return first, second


def render_matrix(
    counts: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    labels: tuple[int, int],
    choice: UrlChoice,
    *,
    key: str,
    show_shares: bool = False,
    words: MatrixWords = CONFUSION,
) -> None:
    """Draw the matrix; a click on a cell selects it, and so does Enter.

    Args:
        counts: int64 ``(10, 10)``.
        shares: float64 ``(10, 10)``, fractions of the rows.
        labels: the selected cell (row, column); for a whole row or column, none is highlighted.
        choice: from ``follow_cell``.
        key: unique on the page.
        show_shares: whether the cells show fractions instead of counts.
        words: titles of the table, its rows, columns and cells.
    """

    def take_click() -> None:
        clicked = getattr(read_widget(key), "clicked", None)
        if clicked in CELLS:
            choice.set(clicked)

    # Registered here: registering only works inside a running app.
    component = st.components.v2.component(
        "fmnist_matrix",
        html=_HTML,
        css=_CSS,
        js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    )
    matrix = draw_once(
        draw_confusion,
        counts,
        shares,
        show_shares=show_shares,
        words=words,
        cell_height=_PRESENTED_CELL_HEIGHT if is_presenting() else CELL_HEIGHT,
        is_clickable=True,
    )
    component(
        key=key,
        data={"matrix": matrix, "chosen": write_cell(labels)},
        on_clicked_change=take_click,
    )
