"""The nine training images with the highest activation of a feature map."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.explain.inside import load_fields
from fmnist.explain.maxima import KEPT, Maxima, load_kept_maxima, load_maxima
from fmnist.images.encode import encode_png_uri
from fmnist.keras_worker import Stage
from fmnist.runs import Run
from fmnist.ui.widgets.grids import Grid, frame_box, render_grids
from fmnist.ui.widgets.waiting import compute_on_request

_SIDE: Final = 112


def render_activating_images(run: Run, dataset: Dataset, stage: Stage, channel: int) -> None:
    """Draw the training images with the highest activation of a map, or the button to find them.

    Args:
        run: the run whose network is shown.
        dataset: the data set with the training images.
        stage: the stage of the map.
        channel: the index of the map.
    """
    st.header("What excites this map most")
    found = load_kept_maxima(run, dataset)
    if found is None:
        found = compute_on_request(
            "maxima",
            (run.path, dataset.fingerprints["train"]),
            lambda report: load_maxima(run, dataset, report),
            label=f"Find the {KEPT} training images",
            text="Looking through the training images, once per network",
            cost=f"Runs the network on all {len(dataset.y_train):,} training images: one or a few "
            "minutes, for all maps at once.",
        )
    if found is not None:
        _render_images(run, dataset, found, stage, channel)


def _render_images(run: Run, dataset: Dataset, found: Maxima, stage: Stage, channel: int) -> None:
    best = found[stage.name][:, channel].tolist()
    width = stage.maps.shape[1]
    fields = load_fields(run, stage.name, tuple(divmod(at, width) for _row, at in best))
    grids = [
        Grid(
            CLASS_NAMES[int(dataset.y_train[row])], f"no. {row:,}",
            encode_png_uri(np.asarray(dataset.x_train[row])), _SIDE, _SIDE,
            f"Training image {row}", box=frame_box(field),
        )
        for (row, _at), field in zip(best, fields, strict=True)
    ]  # fmt: skip
    render_grids("Training images", grids, lambda *_cell: None, key="inside_excited")
    st.caption(
        "The training images with the highest values of this map, the highest first; framed is "
        "what the pixel with that value sees."
    )
