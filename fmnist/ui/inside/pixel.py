"""One feature map, enlarged, and how the value of one of its pixels is computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.feature_maps import build_products, paint_sheet
from fmnist.explain.inside import load_trace
from fmnist.images.encode import encode_png_uri
from fmnist.keras_worker import PixelTrace, Stage
from fmnist.runs import Run
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.widgets.grids import Grid, frame_box, render_grids
from fmnist.ui.widgets.waiting import compute_in_background

_SIDE: Final = 280
"""Screen pixels of an enlarged map and of the image."""


@dataclass
class PixelState:
    """The selected pixel.

    Attributes:
        at: row and column, or None for the pixel with the highest value.
        shown: the image, the layer and the map of the pixel.
    """

    at: Field = field(default_factory=Field)
    shown: tuple[object, ...] = ()


def render_pixel(run: Run, image: NDArray[np.uint8], stage: Stage, channel: int) -> None:
    """Draw a map, the part of the image that one of its pixels sees, and the steps to its value.

    Args:
        run: the run whose network is shown.
        image: uint8 ``(28, 28)``.
        stage: the stage of the map.
        channel: the index of the map.
    """
    state, values = get_state(PixelState), stage.maps[..., channel]
    shown = (run.path, image.tobytes(), stage.name, channel)
    if shown != state.shown:
        state.at.set(None)
        state.shown = shown
    width = values.shape[1]
    st.header(f"Map {channel} of {escape_name(stage.name)}", help=glossary("receptive field"))
    pictures = st.container()
    at = _choose_pixel(state, values)
    trace = compute_in_background(
        "pixel",
        (*shown, at),
        lambda _report: load_trace(run, image, stage.name, channel, at),
        "Computing the pixel",
    )
    with pictures:
        grids = [_show_map(stage, channel, at)]
        if trace is not None:
            grids.insert(0, _show_field(image, trace))

        def take(_figure: int, cell: int) -> None:
            state.at.set(divmod(cell, width))

        render_grids("The image and the map", grids, take, key="inside_map_pixel")
    if trace is not None:
        _render_steps(trace, at)


def _choose_pixel(state: PixelState, values: NDArray[np.float32]) -> tuple[int, int]:
    """Return row and column of the pixel, which can also be typed, in a popover."""
    height, width = values.shape
    highest = divmod(int(values.argmax()), width)
    row, column = state.at.value or highest
    popover = st.popover(
        "Row and column", icon=":material/grid_3x3:", key="inside_pixel", on_change="rerun"
    )
    if popover.open:
        key = state.at.key("inside_pixel")
        row = int(popover.number_input("Row", 0, height - 1, row, key=f"{key}_row"))
        column = int(popover.number_input("Column", 0, width - 1, column, key=f"{key}_column"))
        state.at.value = row, column
    return row, column


def _show_field(image: NDArray[np.uint8], trace: PixelTrace) -> Grid:
    top, left, bottom, right = trace.field
    height, width = bottom - top + 1, right - left + 1
    return Grid(
        "The image", f"the pixel sees {height}×{width} of it", encode_png_uri(image), _SIDE, _SIDE,
        f"The image; the pixel sees rows {top} to {bottom} and columns {left} to {right}",
        box=frame_box(trace.field),
    )  # fmt: skip


def _show_map(stage: Stage, channel: int, at: tuple[int, int]) -> Grid:
    values = stage.maps[..., channel]
    height, width = values.shape
    limit = float(np.abs(values).max())
    pixels = paint_sheet(values[..., None], np.zeros(1, bool), limit=limit, gap=0)
    return Grid(
        f"Map {channel}", f"values from {values.min():.2f} to {values.max():.2f}: click a pixel",
        pixels.source, _SIDE, _SIDE, f"Map {channel} of {stage.name}", width, height,
        height * width, "pixel", at[0] * width + at[1],
    )  # fmt: skip


def _render_steps(trace: PixelTrace, at: tuple[int, int]) -> None:
    """Draw how the value is computed: the products first, then each layer."""
    st.markdown(f"**Row {at[0]}, column {at[1]}, step by step**")
    if trace.patch is not None and trace.kernel is not None:
        n_maps = trace.patch.shape[-1]
        side = trace.patch.shape[0]
        source = escape_name(trace.source)
        of = f"the image after {source}" if n_maps == 1 else f"the {n_maps} maps of {source}"
        most = "" if n_maps <= 3 else " The three that matter most:"
        st.caption(f"What the {side}×{side} kernel sees of {of}, times its weights.{most}")
        st.html(build_products(trace.patch, trace.kernel))
    lines = (
        f"{escape_name(step.layer)}: {escape_markdown(step.text)} → **{step.value:.3f}**"
        for step in trace.steps
    )
    st.markdown("\n".join(f"1. {line}" for line in lines))
