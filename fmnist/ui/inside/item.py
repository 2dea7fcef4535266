"""The image of the Look inside page, enlarged, with its predicted probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.probabilities import build_bars
from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.runs import Run
from fmnist.ui.shell.handover import Handover, Picture
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.page_state import UrlNumber, get_state
from fmnist.ui.shell.resources import get_pool, wait_for_network
from fmnist.ui.shell.url import read_integer, read_parameter, write_parameter
from fmnist.ui.widgets.items import ENLARGED

_PICTURE: Final = "picture"
"""Value of ``item`` in the URL for the latest picture of Predict."""


@dataclass
class ItemState:
    """The image of the page.

    Attributes:
        item: the number of the test image.
        picture: the picture handed over by Predict.
    """

    item: UrlNumber = field(default_factory=UrlNumber)
    picture: Picture | None = None


@dataclass(frozen=True)
class Item:
    """An image.

    Attributes:
        name: its name.
        image: uint8 ``(28, 28)``.
        true: its class, 0 to 9; None for an outside picture.
    """

    name: str
    image: NDArray[np.uint8]
    true: int | None = None


def choose_item(dataset: Dataset) -> Item:
    """Draw the box for the test image and return it; ``item=…`` in the URL.

    A picture handed over by Predict is shown until the person returns to test images.
    """
    state, handover = get_state(ItemState), get_state(Handover)
    if handover.picture is not None:
        state.picture, handover.picture = handover.picture, None
    if read_parameter("item") == _PICTURE and state.picture is not None:
        st.button(
            "Look at a test image", icon=":material/undo:", on_click=write_parameter,
            args=("item", None),
        )  # fmt: skip
        return Item(state.picture.name, state.picture.image)
    last = len(dataset.y_test) - 1
    shown = min(int(state.item.follow("item", read_integer("item", 0, last), 0)), last)
    key = state.item.key("inside_item")
    number = int(st.number_input("Test image", 0, last, shown, key=key, width=160))
    state.item.write("item", number, 0)
    true = int(dataset.y_test[number])
    return Item(f"Test image {number:,}", np.asarray(dataset.x_test[number]), true)


def render_item(run: Run, item: Item) -> int:
    """Draw an image with its ten probabilities and return the predicted class, 0 to 9.

    Raises:
        InferenceError: the network can't be used.
    """
    wait_for_network(run)
    y_proba = get_pool().predict(run, item.image[None])[0]
    predicted = int(y_proba.argmax())
    what = "The picture" if item.true is None else CLASS_NAMES[item.true]
    title = f"{what} classified as {CLASS_NAMES[predicted]}"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        large = np.kron(item.image, np.ones((ENLARGED, ENLARGED), np.uint8))
        truth = "" if item.true is None else f": {CLASS_NAMES[item.true]}"
        st.image(
            large,
            caption=f"{escape_name(item.name)}{truth}",
            width="content",
            alt=f"{item.name}{truth}",
        )
        with st.container(key="inside_bars"):
            st.html(build_bars(y_proba, title=title, true_label=item.true))
    return predicted
