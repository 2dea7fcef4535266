"""Map: images on a plane by a network's features, selected by lasso or by a cell of the matrix."""

from __future__ import annotations

import streamlit as st

from fmnist.embedding.store import MapRequest, open_embedding
from fmnist.ui.map.chart import find_selected, render_map
from fmnist.ui.map.data import ShownMap, list_colorings, load_map
from fmnist.ui.map.place import render_placement
from fmnist.ui.map.request import choose_request, list_mapped, render_missing
from fmnist.ui.map.selection import render_selected_matrix, render_selection
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.halves import split_matrix
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.items import format_percent
from fmnist.ui.widgets.matrix import EVERY_CELL, follow_cell, select_cell_labels
from fmnist.ui.widgets.run_choice import render_run_choice


def describe_faithfulness(shown: ShownMap) -> str:
    """Return in Markdown how far the map can be trusted."""
    on_map, by_features = shown.embedding.map_accuracy, shown.embedding.feature_accuracy
    return (
        f"**How faithful is this map?** The ten nearest neighbours vote for the true class of "
        f"{format_percent(on_map)} of the images on the map, and of {format_percent(by_features)} "
        "by the network's features. The further apart the two, the more the plane hides."
    )


def render_shown(shown: ShownMap, request: MapRequest, name: str) -> None:
    """Draw a map, its matrix and the selected images."""
    colors = render_choice("Colour", list_colorings(request.dataset), key="colour")
    st.markdown(describe_faithfulness(shown))
    lasso = get_state(Field, f"map_lasso_{name}")
    cell = follow_cell("map_cell", EVERY_CELL)
    left, right = split_matrix([1, 1])
    with right:
        labels = select_cell_labels(
            cell,
            row=("True class", "map_true"),
            column=("Predicted class", "map_predicted"),
            with_any=True,
        )
        taken, inside = find_selected(shown, lasso, labels)
        render_selected_matrix(shown, taken, labels, cell)
    with left:
        place = st.container(key="map")
        placed = render_placement(shown, request)
    with place:
        render_map(
            shown,
            request,
            colors=colors,
            lasso=lasso,
            cell=cell,
            selected=inside,
            placed=placed,
            sentence=f"{len(inside):,} images as points, {int(inside.sum()):,} of them selected",
        )
    render_selection(shown, request, inside, lasso, cell)


with open_page(
    "Map",
    intro="Images lie close together if the network finds them similar: draw a lasso around points "
    "to look at them.",
):
    if runs := list_mapped():
        chosen = render_run_choice(runs, key="map_run")
        asked = choose_request(chosen, get_dataset())
        store = open_embedding(asked)
        found = load_map(store, asked)
        if found is None:
            render_missing(store, asked)
        else:
            render_shown(found, asked, store.path.name)
    else:
        st.markdown("No network is trained yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
