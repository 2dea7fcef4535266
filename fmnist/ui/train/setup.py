"""The Set up view: the network, its settings, and the button that starts the run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.access.roles import Action
from fmnist.networks import CLASSICAL_MODELS, NetworkInfo, build_command
from fmnist.runs import Recipe, Run
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import start_run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.train.ablation import render_ablation
from fmnist.ui.train.form import render_form, render_network_choice, render_run_name
from fmnist.ui.train.lr_range import render_range_test
from fmnist.ui.train.network import render_network, render_reasons
from fmnist.ui.train.state import TrainState
from fmnist.ui.train.views import WATCH, show_view


def render_setup(runs: Sequence[Run]) -> None:
    """Draw the choice of network and the form of a new run.

    Args:
        runs: those there are, one of which it may start from.
    """
    state = get_state(TrainState)
    state.take_handover()
    chosen = render_network_choice(state)
    _compose(chosen, runs)
    if chosen.name in CLASSICAL_MODELS:
        st.subheader("The model and its reasons")
        render_reasons(chosen)
    else:
        st.subheader("The network, layer by layer", help=glossary("parameter"))
        render_network(chosen)
        st.subheader("Ablation", help=glossary("ablation"))
        render_ablation(chosen.name)


@st.fragment
def _compose(info: NetworkInfo, runs: Sequence[Run]) -> None:
    """Draw the settings of a new run and start it; a changed setting reruns this fragment only."""
    state = get_state(TrainState)
    form = state.form(info)
    with show_errors("settings"):
        with st.container(border=True):
            locked = find_reason(Action.START_RUN)
            is_ready = render_form(info, form, runs) & render_run_name(state)
            st.button(
                "Start training",
                type="primary",
                icon=":material/play_arrow:",
                width="stretch",
                disabled=not is_ready or bool(locked),
                help=locked or None,
                on_click=state.ask_start,
            )
        # The button sets a flag and the run starts here: in the callback, the recipe would lack
        # a change that came with the click.
        if state.is_start_asked:
            state.is_start_asked = False
            if is_ready:
                _start(form.recipe, state.run_name)
        # In a container whatever it holds: else what follows would move, and be drawn twice.
        with st.container():
            if info.name not in CLASSICAL_MODELS:
                st.markdown("**Find a learning rate**", help=glossary("learning-rate range test"))
                render_range_test(state, form)
        st.caption("The same run from the command line:")
        command = build_command(form.recipe, run_id=state.run_name.value)
        st.code(command, language="bash", wrap_lines=True)


def _start(recipe: Recipe, name: Field) -> None:
    """Queue a run and show it; its settings stay in the form, its name does not."""
    run = start_run(recipe, run_id=name.value or None)
    name.set("")
    show_view(WATCH, run.run_id)
    st.rerun()
