"""One image in detail: facts, mean image of its class, nearest neighbours, pixel values."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.cache import draw_once
from fmnist.charts.samples import draw_neighbours, draw_pixel_values, plot_item
from fmnist.data.dataset import Dataset, SplitName
from fmnist.explore.insights import describe_neighbours
from fmnist.explore.samples import (
    Neighbours,
    build_facts,
    build_pixel_table,
    compute_class_mean,
    describe_item,
    find_neighbours,
)
from fmnist.ui.shell.halves import NARROW_WINDOW
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.style import apply_style
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.chart import render_chart

_KEY: Final = "chosen_item"

# Where the image lies below the others, there is room for its neighbours beside it.
_STYLE: Final = f"""
@media (min-width: 768px) and (max-width: {NARROW_WINDOW}px) {{
  .st-key-{_KEY} {{ display: grid; grid-template-columns: 19rem minmax(0, 1fr); }}
}}
"""


@st.cache_data(max_entries=32, show_spinner=False)
def _compute_class_mean(
    _dataset: Dataset,
    fingerprint: str,  # noqa: ARG001
    split: SplitName,
    label: int,
) -> NDArray[np.float64]:
    return compute_class_mean(*_dataset.split(split), label)


@st.cache_data(max_entries=256, show_spinner="Comparing with all training images…")
def _find_neighbours(
    _dataset: Dataset,
    fingerprint: str,  # noqa: ARG001
    split: SplitName,
    row: int,
) -> Neighbours:
    image = _dataset.split(split)[0][row - 1]
    own = row if split == "train" else None
    return find_neighbours(_dataset.x_train, _dataset.y_train, image, exclude_row=own)


def render_item(dataset: Dataset, split: SplitName, row: int) -> None:
    """Draw one image large, with its facts, the mean of its class and its nearest neighbours.

    Args:
        dataset: both splits.
        split: the split it belongs to.
        row: its row in the split's file, from 1.
    """
    apply_style(_KEY, _STYLE)
    with st.container(key=_KEY):
        with st.container():
            _render_large(dataset, split, row)
        with st.container():
            _render_neighbours(dataset, split, row)


def _render_large(dataset: Dataset, split: SplitName, row: int) -> None:
    x, y = dataset.split(split)
    image, label = x[row - 1], int(y[row - 1])
    mean = _compute_class_mean(dataset, dataset.fingerprints[split], split, label)
    place = dataset.source.describe_row(split, row)
    facts = build_facts(image, place=place, label=label, class_mean=mean)
    title = f"{facts.class_name} · {split} row {row:,}"
    sentence = describe_item(facts)
    render_chart(draw_once(plot_item, image, mean, label, title), sentence, key="item_picture")
    st.caption(escape_markdown(sentence))


def _render_neighbours(dataset: Dataset, split: SplitName, row: int) -> None:
    fingerprint = "".join(dataset.fingerprints.values())
    found = _find_neighbours(dataset, fingerprint, split, row)
    sentence = describe_neighbours(found, int(dataset.split(split)[1][row - 1]))
    if len(found.rows):
        with st.container(key="neighbours"):
            st.markdown("**Nearest training images**")
            images = dataset.x_train[found.rows - 1]
            st.html(draw_once(draw_neighbours, images, found, label=sentence))
    st.caption(sentence)


def render_pixel_values(image: NDArray[np.uint8]) -> None:
    """Draw the 784 intensities of one image, uint8 ``(28, 28)``, in the image or as a table."""
    st.header("Pixel values")
    how = render_choice(
        "Show the 784 intensities as",
        ["Hidden", "Numbers in the image", "Table"],
        key="pixels",
    )
    if how == "Numbers in the image":
        st.html(draw_once(draw_pixel_values, image))
    elif how == "Table":
        st.dataframe(build_pixel_table(image), height="content")
    st.caption("0 is background, 255 the highest intensity; rows and columns count from 1.")
