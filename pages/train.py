"""Train: choose a network and its settings, start a run, and watch it learn."""

from __future__ import annotations

import streamlit as st

from fmnist.access.roles import Action
from fmnist.networks import CLASSICAL_MODELS, NetworkInfo, build_command
from fmnist.runs import ACTIVE_STATES, Recipe, Run, list_all_runs
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import start_run
from fmnist.ui.shell.frame import open_page, tell_errors
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.shell.run_lifecycle import render_undo
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.shell.url import write_parameter
from fmnist.ui.train.ablation import render_ablation
from fmnist.ui.train.form import render_form, render_network_choice, render_run_name
from fmnist.ui.train.live import render_run, undo_delete
from fmnist.ui.train.lr_range import render_range_test
from fmnist.ui.train.network import render_network, render_reasons
from fmnist.ui.train.queue import render_queue
from fmnist.ui.train.state import TrainState
from fmnist.ui.widgets.watch import render_watch


@st.fragment
def compose(info: NetworkInfo, runs: list[Run]) -> None:
    """Draw the settings of a new run and start it; a changed setting reruns this fragment only."""
    state = get_state(TrainState)
    form = state.form(info)
    with tell_errors("settings"):
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
                start(form.recipe, state.run_name)
        # In a container whatever it holds: else what follows would move, and be drawn twice.
        with st.container():
            if info.name not in CLASSICAL_MODELS:
                st.markdown("**Find a learning rate**", help=glossary("learning-rate range test"))
                render_range_test(state, form)
        st.caption("The same run from the command line:")
        command = build_command(form.recipe, run_id=state.run_name.value)
        st.code(command, language="bash", wrap_lines=True)


def start(recipe: Recipe, name: Field) -> None:
    """Queue a run and show it; its settings stay in the form, its name does not."""
    run = start_run(recipe, run_id=name.value or None)
    name.set("")
    write_parameter("run", run.run_id)
    st.rerun()


def order(runs: list[Run]) -> list[Run]:
    """Put active runs first, so that the page shows one by default, then the newest."""
    return sorted(runs, key=lambda run: run.load_state() not in ACTIVE_STATES)


with open_page(
    "Train",
    intro="Choose a network, start a run, and watch its loss fall. The run continues when you "
    "leave this page.",
):
    runs = order(list_all_runs())
    left, right = st.columns([5, 7], gap="large")
    with left:
        st.subheader("A new run")
        state = get_state(TrainState)
        state.take_handover()
        chosen = render_network_choice(state)
        compose(chosen, runs)
    with right:
        st.subheader("Watch a run")
        render_undo("run", undo_delete)
        render_queue(is_busy=bool(runs) and runs[0].load_state() in ACTIVE_STATES)
        watched = render_run_picker(runs, key="train_run") if runs else None
        if watched is not None:
            render_run(watched)
        else:
            st.caption("No run yet. Press “Start training”; its curves appear here.")
    if watched is not None and not watched.damage:
        st.subheader("Watch it learn")
        render_watch(watched)
    if chosen.name in CLASSICAL_MODELS:
        st.subheader("The model and its reasons")
        render_reasons(chosen)
    else:
        st.subheader("The network, layer by layer", help=glossary("parameter"))
        render_network(chosen)
        st.subheader("Ablation", help=glossary("ablation"))
        render_ablation(chosen.name)
