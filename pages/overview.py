"""Overview: what this is, the data in use, the models at hand, what to do next."""

from __future__ import annotations

import streamlit as st

from fmnist.runs import list_runs
from fmnist.ui.overview.cards import render_data, render_models, render_next_steps
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.resources import get_pool

with open_page(
    "Fashion-MNIST Lab",
    intro="See how a network learns to tell clothes apart.",
):
    st.markdown(
        "Fashion-MNIST is 70,000 small grey pictures of clothes and shoes in ten classes.  \n"
        "Here you look at them, train a network on them while you watch, and see what it gets "
        "wrong.  \nThen you draw a garment of your own and find out what the network makes of it."
    )
    render_next_steps()
    render_data()
    render_models(list_runs())
    get_pool()  # last: its worker's import of TensorFlow takes a core for seconds
