"""A network on the page: drawn, counted, and each layer with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.network import plot_network
from fmnist.errors import FmnistError
from fmnist.keras_worker import describe_recipe
from fmnist.networks import NetworkInfo
from fmnist.runs import LayerRecord, Recipe
from fmnist.ui.shell.messages import show_error

WAIT_SECONDS: Final = 0.5


@st.cache_resource(max_entries=8, show_spinner=False)
def _start_description(recipe: Recipe) -> Future[list[LayerRecord]]:
    return describe_recipe(recipe)


def render_network(info: NetworkInfo) -> None:
    """Draw a network layer by layer, with its number of parameters.

    Counting needs TensorFlow, whose import takes seconds in a new worker: the section polls for
    the answer, so that the rest of the page works meanwhile.
    """
    waiting = not _start_description(info.recipe).done()
    st.fragment(_render_when_described, run_every=WAIT_SECONDS if waiting else None)(info, waiting)


def render_reasons(info: NetworkInfo) -> None:
    """Show the decisions of a classical model, which has no layers, each with its reason."""
    st.table(pd.DataFrame(info.reasons.items(), columns=["Decision", "Why"]), hide_index=True)


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
        show_error(error)
        st.button("Try again", icon=":material/refresh:", on_click=_start_description.clear)
        return
    _render_layers(info, layers)


def _render_layers(info: NetworkInfo, layers: list[LayerRecord]) -> None:
    total = sum(layer.parameters for layer in layers)
    low, high = info.parameter_range
    with st.container(horizontal=True):
        st.metric("Parameters", f"{total:,}", border=True)
        allowed = f"{low:,} – {high:,}" if low > 1 else f"up to {high:,}"
        st.metric("Allowed parameters", allowed, border=True)
        st.metric("File size", f"{total * 4 / 1e6:.1f} MB", border=True)
    st.caption(
        "Each parameter takes four bytes. "
        + ("" if low <= total <= high else "The network is outside its bounds.")
    )
    st.plotly_chart(
        draw_once(plot_network, layers),
        key="network_drawing",
        config={"displayModeBar": False},
        alt=f"{info.title}: {len(layers)} layers from left to right",
    )
    st.caption(_describe_drawing(layers))
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


def _describe_drawing(layers: Sequence[LayerRecord]) -> str:
    text = (
        "Height: side of the feature maps. Width: number of channels, on a logarithmic scale. "
        "Layers that keep the shape are in the table only."
    )
    roles = {layer.role for layer in layers if layer.block}
    if "add" in roles:
        text += (
            " Each frame is a residual block: the line above its convolutions is the shortcut, "
            "which + adds to their output. A box on that line is a 1×1 convolution."
        )
    if "gate" in roles:
        text += " The purple box is the gate, whose factors × multiplies the channels with."
    return text
