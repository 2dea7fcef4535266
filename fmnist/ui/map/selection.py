"""The selection on the map: its small confusion matrix and its images."""

from __future__ import annotations

import zlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.embedding.store import MapRequest
from fmnist.evaluation.metrics import compute_confusion, compute_row_shares
from fmnist.ui.map.data import ShownMap
from fmnist.ui.shell.page_state import Field, UrlChoice
from fmnist.ui.widgets.item import render_item
from fmnist.ui.widgets.items import render_items
from fmnist.ui.widgets.matrix import EVERY_CELL, render_matrix, write_cell


def render_selected_matrix(
    shown: ShownMap, taken: NDArray[np.bool_], labels: tuple[int, int], cell: UrlChoice
) -> None:
    """Draw the confusion matrix of the images inside the lasso.

    Args:
        shown: the map.
        taken: the images inside the lasso, bool ``(n,)``.
        labels: the selected cell (row, column).
        cell: the state of that selection.
    """
    items = shown.items[taken]
    counts = compute_confusion(items["true_label"].to_numpy(), items["predicted_label"].to_numpy())
    which = "all" if taken.all() else "the selected"
    render_matrix(counts, compute_row_shares(counts), labels, cell, key="map_matrix")
    st.caption(
        f"{items['correct'].mean():.1%} of {which} {len(items):,} images are correct. Click a cell "
        "to see its images here and on the map."
    )


def render_selection(
    shown: ShownMap,
    request: MapRequest,
    inside: NDArray[np.bool_],
    lasso: Field,
    cell: UrlChoice,
) -> None:
    """Draw the images selected by lasso and cell, most confident first.

    Args:
        shown: the map.
        request: the request of the map.
        inside: the selected images, bool ``(n,)``.
        lasso: the state of the lasso, which the button clears.
        cell: the state of the cell, also cleared by the button.
    """
    if lasso.value is None and cell.value == write_cell(EVERY_CELL):
        st.caption(
            "Draw a lasso around points, or click a cell of the matrix, to see the images here. "
            "The tools above the map change to a box, to zoom and to move."
        )
        return
    items = shown.items[inside].sort_values(["confidence", "index"], ascending=[False, True])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(items):,} images are selected**", width="content")
        st.button(
            "Clear the selection",
            icon=":material/close:",
            key="map_clear",
            on_click=_clear,
            args=(lasso, cell),
        )
    if items.empty:
        st.caption("No image is in this cell. Choose another one or clear the selection.")
        return
    st.caption("Most confident first, with the predicted class.")
    images, _ = request.dataset.split(request.split)
    item = render_items(
        items.reset_index(drop=True),
        images,
        captions=lambda shown: list(shown["predicted_class"]),
        key=f"map_items_{zlib.crc32(items['index'].to_numpy().tobytes())}",
        page_size=24,
    )
    render_item(request.run, item, images, key="map_item", split=request.split)


def _clear(lasso: Field, cell: UrlChoice) -> None:
    lasso.set(None)
    cell.set(write_cell(EVERY_CELL))
