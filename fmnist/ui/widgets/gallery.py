"""A contact sheet of images, one of which is selected by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.cache import draw_once
from fmnist.charts.sheet import draw_sheet
from fmnist.ui.shell.page_state import Field, get_state, read_widget

_NOTHING: Final = "Click a picture or choose one here"


def get_choice(key: str) -> Field:
    """Return the state of a sheet: its value is the index of the selected image, or None."""
    return get_state(Field, f"{key}_choice")


def render_sheet(
    images: NDArray[np.uint8], captions: Sequence[str], *, key: str, label: str = "Show item"
) -> int | None:
    """Draw a contact sheet and return the index of the selected image, or None.

    Args:
        images: uint8 ``(n, 28, 28)``.
        captions: one short line per image.
        key: unique on the page; also the key for ``get_choice``.
        label: the label of the select box that lists the captions.
    """
    if len(images) == 0:
        st.caption("No items to show.")
        return None
    choice = get_choice(key)
    if choice.value is not None and choice.value >= len(images):
        choice.set(None)

    def take_click() -> None:
        clicked = getattr(read_widget(f"{key}_gallery"), "clicked", None)
        if isinstance(clicked, int) and 0 <= clicked < len(images):
            choice.set(clicked)

    def take_selection() -> None:
        choice.value = read_widget(box_key)

    # Registered here: registering only works inside a running app.
    component = st.components.v2.component(
        "fmnist_gallery",
        html='<div class="gallery"></div>',
        js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    )
    sheet = draw_once(
        draw_sheet, images, captions, label="Images to choose from", is_clickable=True
    )
    component(
        key=f"{key}_gallery",
        data={"sheet": sheet, "chosen": choice.value},
        on_clicked_change=take_click,
    )
    box_key = choice.key(f"{key}_choice")
    st.selectbox(
        label,
        # None is an option, because a box with an initial value can't be cleared otherwise.
        [None, *range(len(images))],
        index=0 if choice.value is None else choice.value + 1,
        format_func=lambda i: _NOTHING if i is None else f"{i + 1}: {captions[i]}",
        key=box_key,
        on_change=take_selection,
    )
    return None if choice.value is None else int(choice.value)
