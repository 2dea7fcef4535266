"""The requested map, and its computation if it is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.comparison import choose_best
from fmnist.data import Dataset
from fmnist.data.dataset import SplitName
from fmnist.embedding.project import METHODS
from fmnist.embedding.store import EmbeddingStore, MapRequest
from fmnist.runs import Run, list_runs, load_summary
from fmnist.runs.classical import CLASSICAL
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import cancel_map, start_map
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.run_lifecycle import attempt
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.computation import render_computation

_SPLITS: dict[str, SplitName] = {"Test images": "test", "Sample of training images": "train"}
_METHODS = {name: method for method, name in METHODS.items()}


@dataclass
class Started:
    """The maps that this session has started automatically."""

    names: set[str] = field(default_factory=set)


def list_mapped() -> list[Run]:
    """Return the runs whose networks have features, best first."""
    runs = [run for run in list_runs() if run.has_model and run.recipe.network not in CLASSICAL]
    best = choose_best([load_summary(run) for run in runs])
    return sorted(runs, key=lambda run: best is None or run.run_id != best.run_id)


def choose_request(run: Run, dataset: Dataset) -> MapRequest:
    """Draw the choices of method and images, and return the request."""
    with st.container(horizontal=True):
        method = render_choice("Method", list(_METHODS), key="method")
        split = render_choice("Images", list(_SPLITS), key="images")
    return MapRequest(run, dataset, _METHODS[method], _SPLITS[split])


def render_missing(store: EmbeddingStore, request: MapRequest) -> None:
    """Draw the progress of a map, or the button that computes it; PCA starts once by itself."""
    started = get_state(Started).names
    is_quick = request.method == "pca" and request.split == "test"
    if is_quick and store.path.name not in started and not find_reason(Action.COMPUTE_MAP):
        started.add(store.path.name)
        if not store.is_running:
            attempt(start_map, request)
    name = METHODS[request.method]
    render_computation(
        store,
        start=partial(start_map, request),
        cancel=partial(cancel_map, request),
        action=Action.COMPUTE_MAP,
        label=f"Compute the map by {name}",
        key="map_compute",
        help_text="Computes the features of the images, once per network, and the map: half a "
        "minute to three minutes on two cores.",
    )
