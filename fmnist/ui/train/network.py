"""A network on the page: drawn, counted, and each layer with its reason."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.network import plot_network
from fmnist.errors import FmnistError
from fmnist.networks import NetworkInfo
from fmnist.runs import LayerRecord, Recipe
from fmnist.ui.shell.resources import get_pool

WAIT_SECONDS: Final = 0.5


@st.cache_resource(max_entries=8, show_spinner=False)
def _start_description(recipe: Recipe) -> Future[list[LayerRecord]]:
    return get_pool().describe(recipe)


def render_network(info: NetworkInfo) -> None:
    """Draw a network layer by layer, with the total beside its target.

    Counting needs TensorFlow, which a new worker imports for seconds: the section looks for the
    answer by itself, so that the rest of the page lives meanwhile.
    """
    waiting = not _start_description(info.recipe).done()
    st.fragment(_render_when_described, run_every=WAIT_SECONDS if waiting else None)(info, waiting)


def _render_when_described(info: NetworkInfo, was_waiting: bool) -> None:
    description = _start_description(info.recipe)
    if not description.done():
        st.caption(
            ":material/hourglass_top: Building the network to count its parameters; loading "
            "TensorFlow takes some seconds."
        )
        return
    if was_waiting:
        st.rerun()
    try:
        layers = description.result()
    except FmnistError as error:
        st.error(str(error), icon=":material/error:")
        st.button("Try again", icon=":material/refresh:", on_click=_start_description.clear)
        return
    _render_layers(info, layers)


def _render_layers(info: NetworkInfo, layers: list[LayerRecord]) -> None:
    total = sum(layer.parameters for layer in layers)
    low, high = info.parameter_range
    with st.container(horizontal=True):
        st.metric("Parameters", f"{total:,}", border=True)
        st.metric("Bounds", f"{low:,} – {high:,}", border=True)
        st.metric("Size as a file", f"{total * 4 / 1e6:.1f} MB", border=True)
    st.caption(
        f"Target: {info.target}. Four bytes a parameter make the size. "
        + ("" if low <= total <= high else "The network is outside its bounds.")
    )
    st.plotly_chart(plot_network(layers), key="network_drawing", config={"displayModeBar": False})
    st.dataframe(
        pd.DataFrame(
            {
                "layer": [layer.name for layer in layers],
                "kind": [f"{layer.kind} {layer.detail}".strip() for layer in layers],
                "output shape": [" × ".join(map(str, layer.output_shape)) for layer in layers],
                "parameters": [layer.parameters for layer in layers],
                "why": [layer.reason for layer in layers],
            }
        ),
        hide_index=True,
        row_height=36,
        column_config={
            "parameters": st.column_config.NumberColumn(format="localized"),
            "why": st.column_config.TextColumn(width="large"),
        },
        key="network_layers",
    )
