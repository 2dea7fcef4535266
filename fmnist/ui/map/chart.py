"""The map, on which a lasso or a box selects images."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.cache import draw_once
from fmnist.charts.map import MAP_CONFIG, draw_legend, plot_map
from fmnist.embedding.project import METHODS
from fmnist.embedding.selection import find_enclosed, find_in_box
from fmnist.embedding.store import MapRequest
from fmnist.ui.map.data import COLORINGS, ShownMap, find_values
from fmnist.ui.shell.page_state import Field, UrlChoice, read_widget
from fmnist.ui.widgets.chart import render_chart
from fmnist.ui.widgets.items import ANY_CLASS
from fmnist.ui.widgets.matrix import EVERY_CELL, write_cell


def find_selected(
    shown: ShownMap, lasso: Field, labels: tuple[int, int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which images are inside the lasso, all if there is none, and which are in the cell.

    Args:
        shown: the map.
        lasso: the state of the lasso; its value is the rows of its images, or None.
        labels: true and predicted class of the cell; ``ANY_CLASS`` for all.

    Returns:
        Two arrays, bool ``(n,)``.
    """
    items = shown.items
    taken = np.ones(len(items), bool)
    if lasso.value is not None:
        taken = np.isin(shown.embedding.rows, lasso.value)
    inside = taken.copy()
    for name, label in zip(("true_label", "predicted_label"), labels, strict=True):
        if label != ANY_CLASS:
            inside &= items[name].to_numpy() == label
    return taken, inside


def render_map(
    shown: ShownMap,
    request: MapRequest,
    *,
    colors: str,
    lasso: Field,
    cell: UrlChoice,
    selected: NDArray[np.bool_],
    placed: NDArray[np.float32] | None,
    sentence: str,
) -> None:
    """Draw the map; a lasso or a box on it selects the rows of the images inside.

    Args:
        shown: the map.
        request: the request of the map.
        colors: a key of ``COLORINGS``.
        lasso: receives the rows; another version draws the map without the lasso's line.
        cell: the choice of a cell, which a lasso clears.
        selected: which images keep their colour, bool ``(n,)``.
        placed: position of a picture, float32 ``(2,)``, or None.
        sentence: a description of the map.
    """
    coloring = COLORINGS[colors]
    key = f"map_chart_{request.method}_{request.split}_{lasso.version}_{cell.value}"
    render_chart(
        draw_once(
            plot_map,
            shown.embedding.positions,
            shown.embedding.rows,
            shown.texts,
            find_values(shown, coloring, request),
            coloring,
            title=f"{METHODS[request.method]}, coloured by {colors.lower()}",
            highlighted=None if selected.all() else selected,
            placed=placed,
        ),
        sentence,
        key=key,
        # A table of ten thousand points is useless; the images of a selection are listed below.
        table=False,
        on_select=partial(_take, key, shown, lasso, cell),
        selection_mode=("lasso", "box"),
        config=MAP_CONFIG,
    )
    if coloring.names:
        st.html(draw_once(draw_legend, coloring))


def _take(key: str, shown: ShownMap, lasso: Field, cell: UrlChoice) -> None:
    """Keep the rows of the images inside the lasso or the box that was drawn."""
    selection = read_widget(key).selection
    positions = shown.embedding.positions
    taken = np.zeros(len(positions), bool)
    for find, lines in ((find_enclosed, selection.lasso), (find_in_box, selection.box)):
        for line in lines:
            taken |= find(positions, np.array(line["x"], float), np.array(line["y"], float))
    lasso.value = sorted(shown.embedding.rows[taken].tolist()) or None
    if cell.value != write_cell(EVERY_CELL):
        cell.set(write_cell(EVERY_CELL))
