"""Train: choose a network and its settings, start, and watch it learn."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.launching import start_run
from fmnist.networks import NetworkInfo, build_command
from fmnist.runs import ACTIVE_STATES, Recipe, Run, list_runs
from fmnist.ui.shell.frame import open_page, tell_errors
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.shell.session import get_owner
from fmnist.ui.train.ablation import render_ablation
from fmnist.ui.train.form import drop_draft, render_form, render_network_choice
from fmnist.ui.train.live import render_run, render_undo
from fmnist.ui.train.lr_range import render_range_test
from fmnist.ui.train.network import render_network
from fmnist.ui.train.queue import render_queue
from fmnist.ui.widgets.watch import render_watch


@st.fragment
def compose(info: NetworkInfo, runs: list[Run]) -> None:
    """Draw the settings of a new run and start it; a changed setting draws only this anew."""
    with tell_errors("settings"):
        with st.container(border=True):
            recipe, is_ready, rate_key = render_form(info, runs)
            st.button(
                "Start training",
                type="primary",
                icon=":material/play_arrow:",
                width="stretch",
                disabled=not is_ready,
                on_click=partial(st.session_state.__setitem__, "start_asked", True),
            )
        # Asked for by a flag, and done here: a callback would still hold the recipe from before a
        # change that came with the click.
        if st.session_state.pop("start_asked", False) and is_ready:
            start(recipe)
        st.markdown("**Find a learning rate**")
        # In a container whatever it holds: else what follows would move, and be drawn twice.
        with st.container():
            render_range_test(recipe, partial(st.session_state.__setitem__, rate_key))
        st.caption("The same run from the command line:")
        st.code(build_command(recipe), language="bash", wrap_lines=True)


def start(recipe: Recipe) -> None:
    """Queue a run and show it."""
    run = start_run(recipe, owner=get_owner())
    drop_draft()
    st.query_params["run"] = run.run_id
    st.session_state.pop("train_run", None)
    st.rerun()


def order(runs: list[Run]) -> list[Run]:
    """Put runs at work first, so that the page finds them again, then the newest."""
    return sorted(runs, key=lambda run: run.load_state() not in ACTIVE_STATES)


with open_page(
    "Train",
    intro="Choose a network, start it, and watch the loss fall. A run goes on when you leave the "
    "page, and this page finds it again.",
):
    runs = order(list_runs())
    left, right = st.columns([5, 7], gap="large")
    with left:
        st.subheader("A new run")
        chosen = render_network_choice()
        compose(chosen, runs)
    with right:
        st.subheader("Watch a run")
        render_undo()
        render_queue(is_busy=bool(runs) and runs[0].load_state() in ACTIVE_STATES)
        watched = render_run_picker(runs, key="train_run") if runs else None
        if watched is not None:
            render_run(watched)
        else:
            st.caption("No run yet. Press “Start training”, and its curves grow here.")
    if watched is not None:
        st.subheader("Watch it learn")
        render_watch(watched)
    st.subheader("The network, layer by layer")
    render_network(chosen)
    st.subheader("What each decision brings")
    render_ablation(chosen.name)
