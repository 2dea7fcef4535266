"""Browse the images, and see one of them large."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.data.dataset import Dataset, SplitName
from fmnist.explore.samples import SamplePage, choose_samples
from fmnist.ui.explore.item import follow_choice, render_row_input
from fmnist.ui.explore.samples import render_item, render_pixel_values
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.halves import split_page
from fmnist.ui.shell.page_state import UrlNumber, get_state
from fmnist.ui.shell.presentation import is_presenting, render_parts
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import read_integer, render_choice, write_parameter
from fmnist.ui.widgets.gallery import render_sheet
from fmnist.ui.widgets.items import render_judge_link

ALL_CLASSES = "All classes"
SPLITS: dict[str, SplitName] = {"Train": "train", "Test": "test"}
MAX_SEED = 999_999
DEFAULT_SEED = 1


def _go_to_page(page: int) -> None:
    write_parameter("page", str(page))


def _go_to_first_page() -> None:
    write_parameter("page", None)


def _render_controls() -> tuple[SplitName, int | None, int, int]:
    with st.container(horizontal=True, vertical_alignment="top"):
        split = render_choice(
            "Split",
            list(SPLITS),
            key="split",
            on_change=_go_to_first_page,
        )
        name = st.selectbox(
            "Class",
            [ALL_CLASSES, *CLASS_NAMES],
            key="class",
            bind="query-params",
            on_change=_go_to_first_page,
            width=170,
        )
        count = st.selectbox(
            "Images per page",
            [24, 48, 96],
            key="count",
            bind="query-params",
            on_change=_go_to_first_page,
            width=130,
        )
        choice = get_state(UrlNumber, "seed")
        seed = st.number_input(
            "Shuffle seed",
            0,
            MAX_SEED,
            choice.follow("seed", read_integer("seed", 0, MAX_SEED), DEFAULT_SEED),
            key=choice.key("seed"),
            on_change=_go_to_first_page,
            width=150,
            help="0 keeps the order of the file; each other number gives one shuffled order.",
        )
        choice.write("seed", seed, DEFAULT_SEED)
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


def render_images(data: Dataset, split: SplitName, samples: SamplePage, sheet: str) -> None:
    """Draw a page of images to choose from, with its pager."""
    x, y = data.split(split)
    _render_pager(samples.page, samples.n_pages, samples.n_items)
    captions = [CLASS_NAMES[y[row - 1]] for row in samples.rows]
    render_sheet(x[samples.rows - 1], captions, key=sheet, label="Image")


def render_chosen(data: Dataset, split: SplitName) -> int | None:
    """Draw the chosen image large, with those like it, and return its row, from 1, or None."""
    with st.container(border=True):
        item = render_row_input(len(data.split(split)[0]))
        if item is None:
            st.caption("The image you choose is shown here, beside the mean image of its class.")
        else:
            render_item(data, split, item)
            render_judge_link(split, item - 1)
    return item


with open_page(
    "Samples",
    intro="Browse the images by class and split. Click one to see it large.",
):
    data = get_dataset()
    split, label, count, seed = _render_controls()
    x, y = data.split(split)
    page = read_integer("page") or 1
    samples = choose_samples(y, label=label, seed=seed, count=count, page=page)
    sheet = f"sheet-{split}-{label}-{seed}-{count}-{samples.page}"
    follow_choice(split, len(x), samples.rows, sheet, read_integer("item"))
    draw_images = partial(render_images, data, split, samples, sheet)
    draw_chosen = partial(render_chosen, data, split)
    if is_presenting():
        render_parts({"Images": draw_images, "Chosen image": draw_chosen})
    else:
        left, right = split_page([3, 2])
        with left:
            draw_images()
        with right:
            item = draw_chosen()
        if item is not None:
            with st.container(border=True):
                render_pixel_values(x[item - 1])
