"""Overview: what to do here, the data set, and the trained networks."""

from __future__ import annotations

import streamlit as st

from fmnist.runs import list_all_runs
from fmnist.ui.overview.cards import render_data, render_models, render_next_steps
from fmnist.ui.overview.pictures import render_best, render_mosaic
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.resources import get_pool

with open_page(
    "Fashion-MNIST Lab",
    intro="See how a network learns to recognise clothes. Start with one of the three cards.",
):
    render_mosaic()
    st.markdown(
        "Fashion-MNIST is a data set of 70,000 small greyscale images of clothes and shoes in ten "
        "classes. Explore the images, train a network on them, see which ones it gets wrong, then "
        "let it classify your own drawings and photos."
    )
    render_next_steps()
    runs = list_all_runs()
    render_best(runs)
    render_data()
    render_models(runs)
    get_pool()  # last: starting its worker takes a core for half a second
