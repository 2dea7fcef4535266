"""The layers of a network as a row of feature maps, and the selected map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.feature_maps import find_limit, paint_sheet
from fmnist.data import Dataset
from fmnist.explain.inside import N_LIVELY, find_dead_maps, load_stages
from fmnist.keras_worker import Stage
from fmnist.runs import Run
from fmnist.ui.inside.activating_images import render_activating_images
from fmnist.ui.inside.pixel import render_pixel
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.page_state import UrlChoice, UrlNumber, get_state
from fmnist.ui.shell.url import read_integer
from fmnist.ui.widgets.grids import Grid, render_grids
from fmnist.ui.widgets.waiting import compute_in_background

_FILTER_SCALE: Final = 8
"""Screen pixels per weight of a filter."""

Dead = dict[str, NDArray[np.bool_]]


@dataclass
class LayersState:
    """The selected map."""

    layer: UrlChoice = field(default_factory=UrlChoice)
    map: UrlNumber = field(default_factory=UrlNumber)


def render_layers(run: Run, image: NDArray[np.uint8], dataset: Dataset) -> None:
    """Draw the maps of all layers for an image, and how a pixel of one of them is computed.

    Args:
        run: the run whose network is shown.
        image: uint8 ``(28, 28)``.
        dataset: its training images determine which maps are dead, and what activates the others.
    """

    def compute(_report: object) -> tuple[list[Stage], Dead]:
        stages = load_stages(run, image)
        return stages, find_dead_maps(run, stages, dataset.x_train)

    found = compute_in_background(
        "layers",
        (run.path, image.tobytes()),
        compute,
        "Computing the feature maps. Keras has to start first, if no one used it for five minutes: "
        "up to 15 seconds",
    )
    if found is None:
        return
    stages, dead = found
    if not stages:
        st.markdown("This network has no convolution, so there are no feature maps to look at.")
        return
    stage, channel = _choose(stages, dead)
    render_pixel(run, image, stage, channel)
    render_activating_images(run, dataset, stage, channel)


def _choose(stages: Sequence[Stage], dead: Dead) -> tuple[Stage, int]:
    """Draw the maps and the select boxes; return the selected stage and the index of the map."""
    state = get_state(LayersState)
    by_name = {stage.name: stage for stage in stages}
    ribbon = st.container()
    st.caption(_describe(stages, dead))
    shown = state.layer.follow("layer", list(by_name))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Layer",
            list(by_name),
            list(by_name).index(shown),
            key=state.layer.key("inside_layer"),
            width=260,
        )
        state.layer.write("layer", name)
        stage = by_name[name]
        last = stage.maps.shape[-1] - 1
        strongest = int(stage.maps.max(axis=(0, 1)).argmax())
        channel = min(state.map.follow("map", read_integer("map", 0, last), strongest), last)
        channel = int(
            st.number_input(
                "Map",
                0,
                last,
                channel,
                key=f"{state.map.key('inside_map')}_{name}",
                help=glossary("feature map"),
                width=140,
            )
        )
        state.map.write("map", channel, strongest)
    has_filters = stages[0].filters is not None

    def take(figure: int, cell: int) -> None:
        # The first picture shows the filters of the first layer.
        state.layer.set(stages[max(0, figure - has_filters)].name)
        state.map.set(cell)

    with ribbon:
        grids = [_show_filters(stages[0], stage, channel)] if has_filters else []
        grids += [_show_maps(each, dead[each.name], stage, channel) for each in stages]
        render_grids("Feature maps, layer by layer", grids, take, key="inside_ribbon")
    return stage, channel


def _show_filters(first: Stage, chosen: Stage, channel: int) -> Grid:
    filters = first.filters
    assert filters is not None
    side, _, count = filters.shape
    sheet = paint_sheet(
        filters, np.zeros(count, bool), scale=_FILTER_SCALE, limit=float(np.abs(filters).max())
    )
    return Grid(
        "Filters", f"{side}×{side} weights", sheet.source, sheet.width, sheet.height,
        f"The {count} filters of {first.name}", sheet.columns, sheet.rows, count,
        chosen=channel if chosen.name == first.name else None,
    )  # fmt: skip


def _show_maps(stage: Stage, dead: NDArray[np.bool_], chosen: Stage, channel: int) -> Grid:
    height, width, count = stage.maps.shape
    sheet = paint_sheet(stage.maps, dead, limit=find_limit(stage.maps))
    return Grid(
        stage.name, f"{height}×{width}, {count} maps", sheet.source, sheet.width, sheet.height,
        f"The {count} maps of {stage.name}; map {int(stage.maps.max(axis=(0, 1)).argmax())} has "
        "the highest value", sheet.columns, sheet.rows, count,
        chosen=channel if chosen.name == stage.name else None,
    )  # fmt: skip


def _describe(stages: Sequence[Stage], dead: Dead) -> str:
    total = sum(stage.maps.shape[-1] for stage in stages)
    count = sum(int(each.sum()) for each in dead.values())
    which = (
        f"{count} maps, crossed out, are dead: zero everywhere, for the first {N_LIVELY} training "
        "images too."
        if count
        else f"No map is dead: none is zero everywhere for the first {N_LIVELY} training images."
    )
    return (
        f"{total:,} maps in {len(stages)} stages, from the image to the answer: a convolution or a "
        "sum with the normalisation, activation and pooling after it. Orange is positive, black "
        f"zero, blue negative; the brightest colour of each stage is its own. {which} Click a map."
    )
