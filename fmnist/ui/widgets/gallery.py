"""A contact sheet of images, one of which is chosen by click or by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.cache import draw_once
from fmnist.charts.sheet import plot_sheet
from fmnist.ui.shell.page_state import Field, get_state, read_widget
from fmnist.ui.widgets.chart import render_chart

_NOTHING: Final = "Click a picture or choose one here"


def get_choice(key: str) -> Field:
    """Return the state of a sheet: its value is the position of the chosen image, or None."""
    return get_state(Field, f"{key}_choice")


def render_sheet(
    images: NDArray[np.uint8],
    captions: Sequence[str],
    *,
    key: str,
    columns: int = 10,
    tile_pixels: int = 96,
    label: str = "Show item",
) -> int | None:
    """Draw a contact sheet and return the position of the chosen image, or None.

    Args:
        images: uint8 ``(n, 28, 28)``.
        captions: one short line per image.
        key: unique on the page; ``get_choice`` returns the choice of that key.
        columns: tiles per row.
        tile_pixels: a tile's height on a wide window; it shrinks with the window's width.
        label: of the select box, by which an image is chosen without a mouse.
    """
    if len(images) == 0:
        st.caption("No items to show.")
        return None
    choice, chart_key = get_choice(key), f"{key}_chart"
    if choice.value is not None and choice.value >= len(images):
        choice.set(None)

    def take_click() -> None:
        points = read_widget(chart_key)["selection"]["points"]
        if points:
            choice.set(int(points[0]["customdata"]))

    def take_selection() -> None:
        choice.value = read_widget(box_key)

    figure = draw_once(
        plot_sheet,
        images,
        captions,
        columns=columns,
        selected=choice.value,
        tile_pixels=tile_pixels,
    )
    # The box below lists what each picture shows.
    render_chart(
        figure,
        f"{len(images)} images, from “{captions[0]}” to “{captions[-1]}”",
        key=chart_key,
        table=False,
        on_select=take_click,
        selection_mode="points",
    )
    box_key = choice.key(f"{key}_choice")
    st.selectbox(
        label,
        # None is an option: a box that has a value to start from can't be cleared otherwise.
        [None, *range(len(images))],
        index=0 if choice.value is None else choice.value + 1,
        format_func=lambda i: _NOTHING if i is None else f"{i + 1}: {captions[i]}",
        key=box_key,
        on_change=take_selection,
    )
    return None if choice.value is None else int(choice.value)
