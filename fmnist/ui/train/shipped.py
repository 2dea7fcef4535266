"""The shipped networks, layer by layer, with the reasons for their design."""

from __future__ import annotations

import streamlit as st

from fmnist.networks import CLASSICAL_MODELS, NETWORKS, find_network
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.train.ablation import render_ablation
from fmnist.ui.train.network import render_network, render_reasons
from fmnist.ui.train.state import TrainState


def render_shipped() -> None:
    """Draw one of the shipped networks; the URL keeps the choice as ``layers=…``."""
    state = get_state(TrainState)
    names = [*NETWORKS, *CLASSICAL_MODELS]
    shown = state.shipped.follow("layers", names, keep=True)
    name = st.selectbox(
        "Network",
        names,
        names.index(shown),
        format_func=lambda key: find_network(key).title,
        key=state.shipped.key("shipped"),
    )
    state.shipped.write("layers", name)
    info = find_network(name)
    st.caption(info.summary)
    if name in CLASSICAL_MODELS:
        render_reasons(info)
        return
    render_network(info)
    st.header("Ablation", help=glossary("ablation"))
    render_ablation(name)
