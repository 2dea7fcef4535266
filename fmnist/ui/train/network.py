"""A network on the page: its drawing, its costs, and the reason for each layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.network import plot_network
from fmnist.networks import NetworkInfo
from fmnist.networks.describe import LayerDescription, describe_network
from fmnist.ui.widgets.chart import WIDE, render_chart

MOST_NAMES: Final = 4
"""Maximum number of layers named with a shared reason; a deep network repeats its blocks."""


def render_network(info: NetworkInfo) -> None:
    """Draw a network layer by layer, with shapes and costs."""
    layers = describe_network(info.recipe)
    total = sum(layer.parameters for layer in layers)
    low, high = info.parameter_range
    with st.container(horizontal=True):
        st.metric("Parameters", f"{total:,}", border=True)
        allowed = f"{low:,} – {high:,}" if low > 1 else f"up to {high:,}"
        st.metric("Allowed parameters", allowed, border=True)
        st.metric("File size", f"{total * 4 / 1e6:.1f} MB", border=True)
        multiplications = sum(layer.multiplications for layer in layers)
        st.metric("Multiplications", f"{multiplications / 1e6:.1f} M", border=True)
    st.caption(
        "Each parameter takes four bytes. Multiplications of weights with values, for one image. "
        + ("" if low <= total <= high else "The network is outside its bounds.")
    )
    render_chart(
        draw_once(plot_network, layers),
        f"{info.title}: {len(layers)} layers from left to right, {total:,} parameters",
        key="network_drawing",
        min_width=WIDE,
        table=False,
    )
    st.caption(_describe_drawing(layers))
    st.dataframe(
        pd.DataFrame(
            {
                "layer": [layer.name for layer in layers],
                "kind": [f"{layer.kind} {layer.detail}".strip() for layer in layers],
                "output shape": [" × ".join(map(str, layer.output_shape)) for layer in layers],
                "parameters": [layer.parameters for layer in layers],
                "multiplications": [layer.multiplications for layer in layers],
                "receptive field": [layer.receptive_field for layer in layers],
            }
        ),
        hide_index=True,
        row_height=36,
        column_config={
            "parameters": st.column_config.NumberColumn(format="localized"),
            "multiplications": st.column_config.NumberColumn(
                format="localized", help="Multiplications of weights with values, for one image."
            ),
            "receptive field": st.column_config.NumberColumn(
                format="%d px",
                help="Side of the square of pixels that one value of the output depends on.",
            ),
        },
        key="network_layers",
    )
    _render_reasons_of(layers)


def _render_reasons_of(layers: Sequence[LayerDescription]) -> None:
    """List the reason for each layer, grouping layers with the same reason."""
    names: dict[str, list[str]] = {}
    for layer in layers:
        names.setdefault(layer.reason, []).append(layer.name)
    st.markdown("**Why each layer is there**")
    for reason, alike in names.items():
        shown = ", ".join(f"`{name}`" for name in alike[:MOST_NAMES])
        more = f" and {len(alike) - MOST_NAMES} more" if len(alike) > MOST_NAMES else ""
        st.markdown(f"{shown}{more}: {reason}")


def render_reasons(info: NetworkInfo) -> None:
    """Show the design decisions of a classical model, which has no layers, with their reasons."""
    for decision, reason in info.reasons.items():
        st.markdown(f"**{decision}**: {reason}")


def _describe_drawing(layers: Sequence[LayerDescription]) -> str:
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
