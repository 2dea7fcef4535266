"""Train: choose a network and its settings, start, and watch it learn."""

from __future__ import annotations

import streamlit as st

from fmnist.launching import start_run
from fmnist.networks import NetworkInfo, build_command
from fmnist.runs import ACTIVE_STATES, Run, list_runs
from fmnist.ui.frame import open_page
from fmnist.ui.live import render_run, render_undo
from fmnist.ui.network_view import render_network
from fmnist.ui.run_picker import render_run_picker
from fmnist.ui.train_form import render_form, render_network_choice


def start() -> NetworkInfo:
    """Draw the choice of network and its form; start a run when the form is sent."""
    info = render_network_choice()
    recipe = render_form(info)
    if recipe is not None:
        run = start_run(recipe, owner="Train page")
        st.query_params["run"] = run.run_id
        st.session_state.pop("train_run", None)
        st.rerun()
    st.caption("The same from the command line, with the network's defaults:")
    st.code(build_command(info.recipe), language="bash", wrap_lines=True)
    return info


def order(runs: list[Run]) -> list[Run]:
    """Put runs at work first, so that the page finds them again, then the newest."""
    return sorted(runs, key=lambda run: run.load_state() not in ACTIVE_STATES)


with open_page(
    "Train",
    intro="Choose a network, start it, and watch the loss fall. A run goes on when you leave the "
    "page, and this page finds it again.",
):
    left, right = st.columns([4, 7], gap="large")
    with left:
        st.subheader("A new run")
        chosen = start()
    with right:
        st.subheader("Watch a run")
        render_undo()
        runs = order(list_runs())
        if runs:
            render_run(render_run_picker(runs, key="train_run"))
        else:
            st.caption("No run yet. Press “Start training”, and its curves grow here.")
    st.subheader("The network, layer by layer")
    render_network(chosen)
