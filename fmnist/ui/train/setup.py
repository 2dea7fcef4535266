"""The Set up view: the network, its settings, and the button that starts the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.networks import CLASSICAL_MODELS, NetworkInfo, build_command
from fmnist.runs import Recipe, Run
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import start_run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.halves import split_page
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.train.cards import render_cards
from fmnist.ui.train.form import render_form, render_run_name
from fmnist.ui.train.lr_range import render_range_test, render_schedule
from fmnist.ui.train.state import TrainForm, TrainState
from fmnist.ui.train.views import WATCH, show_view

LONG_COMMAND: Final = 300
"""Characters; a command with a custom network is longer, and scrolls."""

COMMAND_HEIGHT: Final = 130


def render_setup(runs: Sequence[Run]) -> None:
    """Draw the networks as cards, with the form of a new run next to them.

    Args:
        runs: all runs, since the new one may start from one of them.
    """
    state = get_state(TrainState)
    state.take_handover()
    left, right = split_page([13, 14])
    with left:
        chosen = render_cards(state, runs)
    with right:
        _compose(chosen, runs)


@st.fragment
def _compose(info: NetworkInfo, runs: Sequence[Run]) -> None:
    """Draw the settings of a new run and start it; only this fragment reruns on a change."""
    state = get_state(TrainState)
    form = state.form(info)
    with show_errors("settings"):
        tools = st.container(horizontal=True, vertical_alignment="center", gap="small")
        main, start, command = st.container(), st.container(), st.container()
        is_ready = render_form(info, form, runs, tools, main)
        with start:
            is_ready &= _render_start(state, is_ready=is_ready)
        # The button sets a flag and the run starts here: in the callback, the recipe would lack a
        # change sent with the click.
        if state.is_start_requested:
            state.is_start_requested = False
            if is_ready:
                _start(form.recipe, state.run_name)
        with tools:
            _render_rate(state, form)
        text = build_command(form.recipe, run_id=state.run_name.value)
        is_long = len(text) > LONG_COMMAND
        command.code(
            text, language="bash", wrap_lines=True, height=COMMAND_HEIGHT if is_long else "content"
        )


def _render_start(state: TrainState, *, is_ready: bool) -> bool:
    """Draw the run's name and the start button; return whether the name is valid."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    has_name = render_run_name(state, row)
    locked = find_reason(Action.START_RUN)
    row.button(
        "Start training",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not (is_ready and has_name) or bool(locked),
        help=locked or None,
        on_click=state.request_start,
    )
    return has_name


def _render_rate(state: TrainState, form: TrainForm) -> None:
    """Show the learning rate over the run and offer the range test, without shifting the form."""
    if form.recipe.network in CLASSICAL_MODELS:
        return
    popover = st.popover(
        "Find a rate",
        icon=":material/show_chart:",
        width="content",
        key="find_rate",
        on_change="rerun",
    )
    if popover.open:
        with popover:
            render_schedule(form.recipe)
            st.markdown("**Find a learning rate**", help=glossary("learning-rate range test"))
            render_range_test(state, form)


def _start(recipe: Recipe, name: Field) -> None:
    """Queue a run and show it; the form keeps its settings but clears the name."""
    run = start_run(recipe, run_id=name.value or None)
    name.set("")
    show_view(WATCH, run.run_id)
    st.rerun()
