"""The fields of one layer of a design, generated from the fields of its class."""

from __future__ import annotations

from typing import Any, Final, get_args

import streamlit as st
from msgspec import structs

from fmnist.runs.architecture import (
    AveragePooling2D,
    Dense,
    Function,
    Layer,
    MaxPooling2D,
    Padding,
)

_LABELS: Final = {
    "filters": ("Filters", "Channels of the output: the patterns to detect."),
    "units": ("Units", "Values of the output."),
    "kernel_size": ("Window", "Side of the filters in pixels of the maps."),
    "pool_size": ("Window", "Side of the squares of which one value is kept."),
    "strides": ("Step", "From one window to the next; 2 halves the maps."),
    "padding": ("Edge", "same: zeros around the maps keep their size; valid: no zeros."),
    "activation": ("Activation", "Function of each value of the output."),
    "use_bias": ("Bias", "A number added to each channel; unnecessary before BatchNormalization."),
    "rate": ("Rate", "Share of values set to zero in training; empty: the recipe's dropout."),
}
_MOST: Final = {"filters": 4096, "units": 4096, "kernel_size": 28, "pool_size": 28}


def render_layer(layer: Layer, key: str) -> Layer:
    """Draw the fields of a layer and return it with the edited values.

    Args:
        layer: the layer before editing.
        key: part of each field's key.
    """
    values = structs.asdict(layer)
    if not values:
        st.caption("This layer has no settings.")
        return layer
    with st.container(horizontal=True, gap="small"):
        changed = {
            name: _render_field(layer, name, value, f"{key}_{name}")
            for name, value in values.items()
        }
    return structs.replace(layer, **changed)


def _render_field(layer: Layer, name: str, value: Any, key: str) -> Any:
    label, meaning = _LABELS[name]
    if name == "use_bias":
        return st.toggle(label, value, key=key, help=meaning)
    if name in {"padding", "activation"}:
        options = list(get_args(Padding if name == "padding" else Function))
        if isinstance(layer, Dense) and name == "activation":
            options.append("softmax")
        return st.selectbox(
            label, options, options.index(value), key=key, help=meaning, width=_WIDTH
        )
    if name == "rate":
        return st.number_input(
            label, 0.0, 0.95, value, 0.05, key=key, help=meaning, placeholder="0.3", width=_WIDTH
        )
    if name == "strides" and isinstance(layer, MaxPooling2D | AveragePooling2D):
        step = st.number_input(
            label, 1, 14, value or min(layer.pool_size, 14), key=key, help=meaning, width=_WIDTH
        )
        return None if value is None and step == min(layer.pool_size, 14) else step
    high = _MOST.get(name, 2 if type(layer).__name__ == "ResidualBlock" else 14)
    return st.number_input(label, 1, high, value, key=key, help=meaning, width=_WIDTH)


_WIDTH: Final = 150
"""Pixels of a field: two or three stand side by side."""
