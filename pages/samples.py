"""Browse the images and look closely at one of them."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.data.dataset import SplitName
from fmnist.explore.samples import choose_samples
from fmnist.ui.explore.samples import render_item, render_neighbours, render_pixel_values
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.widgets.gallery import get_choice, render_sheet

ALL_CLASSES = "All classes"
SPLITS: dict[str, SplitName] = {"Train": "train", "Test": "test"}
MAX_SEED = 999_999


def _go_to_page(page: int) -> None:
    st.query_params["page"] = str(page)


def _start_over(*, keep_item: bool = True) -> None:
    st.query_params.pop("page", None)
    if not keep_item:
        st.session_state["item"] = None


def _read_number(name: str) -> int | None:
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None


def _follow_choice(rows: NDArray[np.int64], sheet: str) -> None:
    """Make the item follow a choice on the sheet, and the sheet follow the item otherwise."""
    state, choice, shown_key = st.session_state, get_choice(sheet), f"{sheet}_shown"
    if "item" not in state:
        state["item"] = _read_number("item")
    if choice.value != state.get(shown_key):
        state["item"] = None if choice.value is None else int(rows[choice.value])
    position = np.flatnonzero(rows == state["item"])
    state[shown_key] = int(position[0]) if len(position) else None
    if choice.value != state[shown_key]:
        choice.set(state[shown_key])


def _render_controls() -> tuple[SplitName, int | None, int, int]:
    with st.container(horizontal=True, vertical_alignment="top"):
        split = st.segmented_control(
            "Split",
            list(SPLITS),
            default="Train",
            key="split",
            bind="query-params",
            required=True,
            on_change=_start_over,
            kwargs={"keep_item": False},
        )
        name = st.selectbox(
            "Class",
            [ALL_CLASSES, *CLASS_NAMES],
            key="class",
            bind="query-params",
            on_change=_start_over,
            width=170,
        )
        count = st.selectbox(
            "Images a page",
            [24, 48, 96],
            key="count",
            bind="query-params",
            on_change=_start_over,
            width=130,
        )
        seed = st.number_input(
            "Shuffle seed",
            0,
            MAX_SEED,
            1,
            key="seed",
            bind="query-params",
            on_change=_start_over,
            width=150,
            help="0 keeps the order of the file; any other number shuffles, always the same way.",
        )
    label = None if name == ALL_CLASSES else CLASS_NAMES.index(name)
    return SPLITS[split], label, int(count), int(seed)


def _render_pager(page: int, n_pages: int, n_items: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous",
            icon=":material/chevron_left:",
            disabled=page <= 1,
            on_click=_go_to_page,
            args=(page - 1,),
        )
        st.button(
            "Next",
            icon=":material/chevron_right:",
            disabled=page >= n_pages,
            on_click=_go_to_page,
            args=(page + 1,),
        )
        st.caption(f"Page {page:,} of {n_pages:,} · {n_items:,} images", width="content")


with open_page(
    "Samples",
    intro="Browse the images by class and split. Click one to look at it closely.",
):
    data = get_dataset()
    split, label, count, seed = _render_controls()
    x, y = data.split(split)
    page = _read_number("page") or 1
    samples = choose_samples(y, label=label, seed=seed, count=count, page=page)
    sheet = f"sheet-{split}-{label}-{seed}-{count}-{samples.page}"
    _follow_choice(samples.rows, sheet)
    left, right = st.columns([3, 2])
    with left:
        _render_pager(samples.page, samples.n_pages, samples.n_items)
        captions = [CLASS_NAMES[y[row - 1]] for row in samples.rows]
        render_sheet(
            x[samples.rows - 1], captions, key=sheet, columns=6, tile_pixels=78, label="Look at"
        )
    with right, st.container(border=True):
        item = st.number_input(
            "Row in the file",
            1,
            len(x),
            None,
            key="item",
            bind="query-params",
            placeholder="Click a picture, or type a row",
        )
        if item is None:
            st.caption("The image you choose is shown here, large, beside its class's mean.")
        else:
            render_item(data, split, item)
            render_neighbours(data, split, item)
    if item is not None:
        with st.container(border=True):
            render_pixel_values(x[item - 1])
