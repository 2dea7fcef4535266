"""The smallest changes to an image that make a network predict another class."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.probabilities import build_bars, format_probability
from fmnist.classes import CLASS_NAMES
from fmnist.explain.nudge import (
    STEPS,
    OnePixel,
    compute_nudge,
    describe_nudge,
    find_one_pixel,
)
from fmnist.images.encode import encode_png_uri
from fmnist.runs import Run
from fmnist.ui.inside.item import Item
from fmnist.ui.shell.resources import get_pool
from fmnist.ui.widgets.grids import Grid, render_grids
from fmnist.ui.widgets.waiting import compute_in_background

_SIDE: Final = 224


def render_nudge(run: Run, item: Item, predicted: int) -> None:
    """Draw the image after a step along the gradient's sign, and the most influential pixel.

    Args:
        run: the run whose Keras network is used.
        item: the image.
        predicted: the predicted class, 0 to 9.
    """
    image = item.image
    nudge = compute_in_background(
        "nudge",
        (run.path, image.tobytes()),
        lambda _report: compute_nudge(get_pool(), run, image),
        "Computing the gradient",
    )
    if nudge is None:
        return
    st.markdown(describe_nudge(nudge))
    step = st.slider(
        "Step, in grey levels of 255",
        0,
        STEPS,
        nudge.smallest or 0,
        key=f"inside_step_{item.name}_{run.run_id}",
    )
    seen = int(nudge.y_proba[step].argmax())
    render_grids(
        "The image before and after",
        [
            _show("The image", CLASS_NAMES[predicted], image),
            _show(f"Moved by {step}", CLASS_NAMES[seen], nudge.images[step]),
            _show("The change", "grey: none", _amplify(image, nudge.images[step])),
        ],
        lambda *_cell: None,
        key="inside_nudge",
    )
    st.caption(
        "The fast gradient sign method: each pixel becomes lighter or darker by the same step, in "
        "the direction that raises the loss of the predicted class. The change is shown at full "
        "contrast."
    )
    with st.container(key="inside_nudge_bars"):
        title = f"Moved by {step}: classified as {CLASS_NAMES[seen]}"
        st.html(build_bars(nudge.y_proba[step], title=title, true_label=item.true))
    _render_one_pixel(run, image, nudge.y_proba[0], predicted)


def _render_one_pixel(
    run: Run, image: NDArray[np.uint8], y_proba: NDArray[np.float32], predicted: int
) -> None:
    st.header("The one pixel that matters most")
    found = compute_in_background(
        "one_pixel",
        (run.path, image.tobytes()),
        lambda report: find_one_pixel(get_pool(), run, image, report),
        "Trying each of the 784 pixels, black and white",
    )
    if found is None:
        return
    changed = image.copy()
    changed[found.row, found.column] = found.value
    seen = CLASS_NAMES[int(found.y_proba.argmax())]
    grid = _show("One pixel changed", seen, changed, found)
    render_grids("The pixel that matters most", [grid], lambda *_cell: None, key="inside_one_pixel")
    st.markdown(_describe_one_pixel(found, float(y_proba[predicted]), predicted))


def _describe_one_pixel(found: OnePixel, before: float, predicted: int) -> str:
    tone = "white" if found.value else "black"
    how_many = {0: "No pixel changes", 1: "1 pixel changes"}.get(
        found.n_changing, f"Each of {found.n_changing} pixels changes"
    )
    return (
        f"Row {found.row}, column {found.column}, made {tone}: the probability of "
        f"{CLASS_NAMES[predicted]} goes from {format_probability(before)} to "
        f"**{format_probability(float(found.y_proba[predicted]))}**. {how_many} the class alone."
    )


def _show(title: str, note: str, picture: NDArray[np.uint8], pixel: OnePixel | None = None) -> Grid:
    side = picture.shape[0]
    return Grid(
        title, note, encode_png_uri(picture), _SIDE, _SIDE, f"{title}: {note}", side, side,
        chosen=None if pixel is None else pixel.row * side + pixel.column,
    )  # fmt: skip


def _amplify(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a difference as greys around 128, the largest at full contrast."""
    change = after.astype(np.float32) - before
    return np.asarray(128 + 127 * change / max(float(np.abs(change).max()), 1.0), dtype=np.uint8)
