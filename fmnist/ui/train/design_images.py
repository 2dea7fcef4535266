"""Feature maps of a training image after each block of a design, once a run has trained it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.feature_maps import find_limit, paint_sheet
from fmnist.classes import CLASS_NAMES, IMAGE_SIZE
from fmnist.explain.inside import has_maps, load_stages
from fmnist.images.encode import encode_png_uri
from fmnist.keras_worker import Stage
from fmnist.networks.describe import design_network
from fmnist.networks.layer_list import find_position
from fmnist.networks.registry import CUSTOM_NETWORK
from fmnist.networks.trained import find_runs_of
from fmnist.networks.workbench import build_recipe
from fmnist.runs import ACTIVE_STATES, Run
from fmnist.runs.architecture import Architecture
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.page_state import UrlNumber, get_state
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import read_integer
from fmnist.ui.train.design_state import DesignState
from fmnist.ui.widgets.grids import Grid, render_grids
from fmnist.ui.widgets.waiting import compute_in_background

_MAPS: Final = 8
"""Maps of a stage that are shown: those with the highest values."""

_ROWS_HEIGHT: Final = 240
"""Screen pixels of four rows of maps."""


@dataclass
class ImagesState:
    """The training image shown."""

    image: UrlNumber = field(default_factory=UrlNumber)


@dataclass(frozen=True)
class Block:
    """Some layers of a design and their output.

    Attributes:
        first: index of the first layer.
        last: index of the last layer.
        maps: float32 ``(h, w, c)``.
    """

    first: int
    last: int
    maps: NDArray[np.float32]


def render_images(state: DesignState, runs: Sequence[Run]) -> None:
    """Draw the feature maps of a training image after each block, or say what they require.

    Args:
        state: the state, with a valid design.
        runs: all runs, among which one that trained it is looked for.
    """
    with show_errors("design images"):
        alike = find_runs_of(build_recipe(CUSTOM_NETWORK.recipe, state.layers), runs)
        trained = [run for run in alike if run.report_path.is_file() and has_maps(run)]
        if trained:
            _render_trained(state, trained)
            return
        active = next((run for run in alike if run.load_state() in ACTIVE_STATES), None)
        st.caption(
            "No finished run has these layers, so there is no image of what they see yet: “Train "
            "1 minute” is enough for that."
            if active is None
            else f"The run {escape_name(active.run_id)} has these layers. Once it is finished, "
            "what they see of an image appears here."
        )


def _render_trained(state: DesignState, trained: Sequence[Run]) -> None:
    dataset = get_dataset()
    number = get_state(ImagesState).image
    last = len(dataset.y_train) - 1
    shown = min(int(number.follow("image", read_integer("image", 0, last), 0)), last)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_name = {run.run_id: run for run in trained}
        run = by_name[st.selectbox("As trained in", list(by_name), key="design_run")]
        key = number.key("design_image")
        shown = int(st.number_input("Training image", 0, last, shown, key=key, width=160))
    number.write("image", shown, 0)
    image = np.asarray(dataset.x_train[shown])
    stages = compute_in_background(
        "design_images",
        (run.path, image.tobytes()),
        lambda _report: load_stages(run, image),
        "Computing the feature maps. Keras has to start first, if no one used it for five minutes: "
        "up to 15 seconds",
    )
    if stages is None:
        return
    blocks = locate_blocks(stages, run, state.layers)
    if not blocks:
        st.caption("This network has no convolution, so that no layer makes an image of its input.")
        return
    what = f"training image {shown:,} ({CLASS_NAMES[int(dataset.y_train[shown])]})"
    grids = [_show_image(image, what), *(_show_block(block, state) for block in blocks)]

    def take(figure: int, _cell: int) -> None:
        state.choose(blocks[figure - 1].first)

    render_grids(f"What {what} becomes, block by block", grids, take, key="design_ribbon")
    st.caption(
        f"What {what} becomes in {escape_name(run.run_id)}, block by block: the {_MAPS} maps with "
        "the highest values. Orange is positive, black zero, blue negative. Click one to select "
        "its layer.",
        help=glossary("feature map"),
    )
    st.page_link(
        "pages/inside.py",
        label="All maps of this network",
        icon=":material/frame_inspect:",
        query_params={"run": run.run_id},
    )


def locate_blocks(stages: Sequence[Stage], run: Run, layers: Architecture) -> list[Block]:
    """Return the layers of a design that each stage of a network comes from.

    A residual block is one layer of a design but several stages; the last one is returned.

    Args:
        stages: the stages of the run's network.
        run: the run that has the design's layers, under any names.
        layers: the layers of the design.
    """
    design = design_network(build_recipe(CUSTOM_NETWORK.recipe, layers))
    names = dict(zip(design_network(run.recipe).layers, design.layers, strict=True))
    blocks = {}
    for stage in stages:
        first, last = (find_position(names[stage.layers[end]]) for end in (0, -1))
        if first is not None and last is not None:
            blocks[first] = Block(first, last, stage.maps)
    return list(blocks.values())


def _show_image(image: NDArray[np.uint8], name: str) -> Grid:
    side = 4 * IMAGE_SIZE
    return Grid("Image", f"{IMAGE_SIZE}×{IMAGE_SIZE}", encode_png_uri(image), side, side, name)


def _show_block(block: Block, state: DesignState) -> Grid:
    height, width, count = block.maps.shape
    highest = np.argsort(-block.maps.max(axis=(0, 1)), kind="stable")[:_MAPS]
    maps = block.maps[..., highest]
    # Maps reduced by pooling are enlarged to the size of the image.
    times = max(1, IMAGE_SIZE // height)
    sheet = paint_sheet(
        maps.repeat(times, axis=0).repeat(times, axis=1),
        np.zeros(len(highest), bool),
        limit=find_limit(maps),
        most=_ROWS_HEIGHT,
    )
    kind = type(state.layers[block.first]).__name__
    numbers = f"{block.first + 1}" + (f"–{block.last + 1}" if block.last > block.first else "")
    return Grid(
        f"{numbers} {kind}", f"{height}×{width}, {count} maps", sheet.source, sheet.width,
        sheet.height, f"{len(highest)} of the {count} maps after layer {block.last + 1}",
        sheet.columns, sheet.rows, len(highest), unit="stage",
        box=(0, 0, 1, 1) if block.first <= state.at <= block.last else None,
    )  # fmt: skip
