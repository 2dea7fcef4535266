"""Many images at once, one of which can be chosen by click or by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.sheet import plot_sheet


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
        captions: one short line an image.
        key: unique on the page; the choice stands in ``st.session_state[f"{key}_choice"]``.
        columns: tiles a row.
        tile_pixels: a tile's height on a wide window; it shrinks with the window's width.
        label: of the select box, which is the way to choose without a mouse.
    """
    if len(images) == 0:
        st.caption("No items to show.")
        return None
    choice_key, chart_key = f"{key}_choice", f"{key}_chart"
    if (st.session_state.get(choice_key) or 0) >= len(images):
        st.session_state[choice_key] = None

    def on_click() -> None:
        points = st.session_state[chart_key]["selection"]["points"]
        if points:
            st.session_state[choice_key] = int(points[0]["customdata"])

    figure = plot_sheet(
        images,
        captions,
        columns=columns,
        selected=st.session_state.get(choice_key),
        tile_pixels=tile_pixels,
    )
    st.plotly_chart(
        figure,
        key=chart_key,
        on_select=on_click,
        selection_mode="points",
        config={"displayModeBar": False},
    )
    choice = st.selectbox(
        label,
        range(len(images)),
        index=None,
        format_func=lambda i: f"{i + 1}: {captions[i]}",
        placeholder="Click a picture or choose one here",
        key=choice_key,
    )
    return None if choice is None else int(choice)
