"""Selects the enlarged image of the Samples page: by URL, click or row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.data.dataset import SplitName
from fmnist.ui.shell.page_state import Field, get_state, read_widget
from fmnist.ui.shell.url import write_parameter
from fmnist.ui.widgets.gallery import get_choice


@dataclass
class ItemState:
    """The image that is shown large.

    Attributes:
        row: its row in the split, from 1, or None.
        split: the split that the row belongs to; None before the first drawing.
        seen: the row in the URL when the page was last drawn.
        sheet: key of the sheet that was last drawn, and the position framed on it.
    """

    row: Field = field(default_factory=Field)
    split: SplitName | None = None
    seen: int | None = None
    sheet: tuple[str, int | None] = ("", None)


def follow_choice(
    split: SplitName, n_images: int, rows: NDArray[np.int64], sheet: str, asked: int | None
) -> None:
    """Apply a row from the URL or a click on the sheet, and highlight it there.

    Args:
        split: the split that is shown.
        n_images: number of its images.
        rows: int64 ``(m,)``, rows of the images on the sheet, from 1.
        sheet: key of the sheet.
        asked: the row in the URL, or None.
    """
    state, choice = get_state(ItemState), get_choice(sheet)
    if state.split not in {None, split}:
        state.row.set(None)
    elif asked is not None and asked != state.seen and 1 <= asked <= n_images:
        state.row.set(asked)
    elif sheet == state.sheet[0] and choice.value != state.sheet[1]:
        state.row.set(None if choice.value is None else int(rows[choice.value]))
    framed = np.flatnonzero(rows == state.row.value)
    position = int(framed[0]) if len(framed) else None
    if choice.value != position:
        choice.set(position)
    state.split, state.sheet = split, (sheet, position)


def render_row_input(n_images: int) -> int | None:
    """Draw the box for the row and return the row of the image to show, from 1, or None.

    The row is written into the URL.
    """
    state = get_state(ItemState)
    key = state.row.key("item")

    def take_row() -> None:
        state.row.value = read_widget(key)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "Row in the file",
            1,
            n_images,
            state.row.value,
            key=key,
            placeholder="Click an image, or type a row",
            on_change=take_row,
        )
        # A number box with an initial value can't be emptied.
        if state.row.value is not None:
            st.button("Close", icon=":material/close:", on_click=state.row.set, args=(None,))
    row: int | None = state.row.value
    state.seen = row
    write_parameter("item", None if row is None else str(row))
    return row
