"""The Design view."""

from __future__ import annotations

import streamlit as st

from fmnist.ui.train.shipped import render_shipped


def render_design() -> None:
    """Draw the networks that the program has, layer by layer."""
    st.subheader("The networks, layer by layer")
    render_shipped()
