"""Loads, saves, compares and trains a design, starting from files, runs or other designs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.errors import FmnistError, RecipeError
from fmnist.networks.as_architecture import write_as_architecture
from fmnist.networks.quick_look import build_quick_look
from fmnist.networks.registry import CUSTOM_NETWORK
from fmnist.networks.trained import find_runs_of
from fmnist.networks.workbench import (
    build_recipe,
    check_architecture,
    compare_architectures,
    format_design,
)
from fmnist.runs import Run
from fmnist.runs.architecture import (
    MAX_ARCHITECTURE_TEXT,
    Architecture,
    parse_architecture,
)
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.recipe import CUSTOM
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import start_run
from fmnist.ui.shell.messages import show_error, show_toast
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.train.design_state import DesignState, load_starting_point
from fmnist.ui.train.lr_range import count_images
from fmnist.ui.train.state import TrainState
from fmnist.ui.train.views import SET_UP, WATCH, show_view

STARTING_POINTS = ("cnn", "baseline")


def _load(name: str, runs: Sequence[Run]) -> Architecture:
    """Return the layers of a starting point or of the run with that name."""
    for run in runs:
        if run.run_id == name:
            return write_as_architecture(run.recipe)
    return load_starting_point(name)


def _list_sources(runs: Sequence[Run]) -> list[str]:
    """Return the names of runs whose layers can be listed, followed by the starting points."""
    usable = [run.run_id for run in runs if _has_list(run)]
    return list(dict.fromkeys([*usable, *STARTING_POINTS]))


def _has_list(run: Run) -> bool:
    if run.damage or run.recipe.network in CLASSICAL:
        return False
    try:
        write_as_architecture(run.recipe)
    except RecipeError:
        return False
    return True


def render_files(state: DesignState, runs: Sequence[Run]) -> None:
    """Offer starting points, and buttons to save the design to a file and load it."""
    key = f"design_source_{state.version}"
    st.selectbox(
        "Start from",
        _list_sources(runs),
        None,
        placeholder="Start from a network or a run",
        label_visibility="collapsed",
        key=key,
        on_change=lambda: _start_from(state, read_widget(key), runs),
        width=270,
    )
    st.download_button(
        "Save as JSON",
        partial(format_design, state.layers),
        "design.json",
        "application/json",
        icon=":material/download:",
        type="tertiary",
        help="The address of this page also holds the design: copy it to share or to keep it.",
    )
    with st.popover("Load a file", icon=":material/upload:", type="tertiary"):
        file = st.file_uploader("Design (JSON)", type="json", key=f"file_{state.version}")
    if file is not None:
        try:
            state.change(parse_architecture(file.getvalue()[: MAX_ARCHITECTURE_TEXT + 1]), 0)
        except RecipeError as error:
            show_error(error, icon=":material/edit_off:")
            return
        st.rerun()


def _start_from(state: DesignState, name: str | None, runs: Sequence[Run]) -> None:
    if name is not None:
        state.attempt(partial(_load, name, runs), 0)


def render_runs(state: DesignState, runs: Sequence[Run], *, is_sound: bool) -> None:
    """Offer a one-minute training run, and a form prefilled with the design."""
    with st.container(horizontal=True):
        lock = get_lock(Action.START_RUN)
        st.button(
            "Train 1 minute",
            type="primary",
            icon=":material/timer:",
            key="design_look",
            on_click=partial(_look, state, runs),
            **{**lock, "disabled": bool(lock.get("disabled")) or not is_sound},
        )
        st.button(
            "Set up a run",
            icon=":material/tune:",
            key="design_set_up",
            disabled=not is_sound,
            on_click=partial(_set_up, state),
        )


def _look(state: DesignState, runs: Sequence[Run]) -> None:
    try:
        recipe = build_quick_look(state.layers, runs, n_images=count_images())
        run = start_run(recipe, run_id=None)
    except FmnistError as error:
        show_toast(error)
        return
    show_view(WATCH, run.run_id)


def _set_up(state: DesignState) -> None:
    train = get_state(TrainState)
    form = train.form(CUSTOM_NETWORK)
    form.fill(build_recipe(form.recipe, state.layers))
    train.network.set(CUSTOM)
    train.network.write("network", CUSTOM)
    show_view(SET_UP)


def render_comparison(state: DesignState, runs: Sequence[Run]) -> None:
    """Draw the design next to another one, with the differing layers and the costs of both."""
    other = st.selectbox(
        "Compare with",
        _list_sources(runs),
        None,
        placeholder="Another network or run",
        key="design_other",
    )
    if other is None:
        return
    layers = _load(other, runs)
    here, there = check_architecture(state.layers), check_architecture(layers)
    racers = [_find_run(state.layers, runs), _find_run(layers, runs, other)]
    rows = compare_architectures(state.layers, layers)
    differing = sum(one != two for one, two in rows)
    st.caption(
        f"{differing} lines differ. This design has {here.parameters:,} parameters and "
        f"{here.multiplications:,} multiplications; the other {there.parameters:,} and "
        f"{there.multiplications:,}."
    )
    st.dataframe(
        [
            {"": "" if one == two else "≠", "This design": one, "The other": two}
            for one, two in rows
        ],
        hide_index=True,
        key="design_comparison",
    )
    if None not in racers and racers[0] != racers[1]:
        st.page_link(
            "pages/runs.py",
            label="Race both on Runs",
            icon=":material/leaderboard:",
            query_params={"runs": ",".join(map(str, racers))},
        )
    else:
        st.caption("Once both are trained, a link here leads to their race on Runs.")


def _find_run(layers: Architecture, runs: Sequence[Run], name: str = "") -> str | None:
    """Return the run with that name, or the newest that trained these layers, or None."""
    if any(run.run_id == name for run in runs):
        return name
    try:
        recipe = build_recipe(CUSTOM_NETWORK.recipe, layers)
    except RecipeError:  # an invalid design, which no run can have
        return None
    return next((run.run_id for run in find_runs_of(recipe, runs)), None)
