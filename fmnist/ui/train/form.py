"""The form of a new run's settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.errors import RecipeError, RunError
from fmnist.networks import NetworkInfo
from fmnist.runs import Run, check_run_id
from fmnist.runs.classical import CLASSICAL, has_setting
from fmnist.runs.settings_spec import list_settings
from fmnist.ui.shell.messages import show_error
from fmnist.ui.train.fields import render_setting
from fmnist.ui.train.sources import render_edits, render_start_from, render_teacher
from fmnist.ui.train.state import TrainForm, TrainState


def render_form(
    info: NetworkInfo,
    form: TrainForm,
    runs: Sequence[Run],
    presets: DeltaGenerator,
    main: DeltaGenerator,
) -> bool:
    """Draw the settings and write the person's changes to the form's recipe.

    The settings are plain widgets rather than a Streamlit form, so that everything that depends on
    them (schedule, command, range test) updates at once. Each gets its value from the recipe
    through its ``value`` argument: see ``fmnist.ui.shell.page_state``.

    Args:
        info: the network to train.
        form: its settings.
        runs: all runs, since the new one may start from one of them.
        presets: the container of the presets.
        main: the container of the main settings; advanced ones are drawn at the current position.

    Returns:
        Whether the recipe can be trained; if not, a message says why.
    """
    recipe = form.recipe
    with main:
        values = _render_settings(form)
        if recipe.network in CLASSICAL and has_setting(recipe.network, "start_from"):
            values["start_from"] = render_start_from(form.key("start_from"), recipe, runs)
    is_ready = True
    advanced = st.expander(
        "Advanced settings",
        icon=":material/tune:",
        key="train_advanced",
        on_change="rerun",
    )
    # Two dozen widgets that are seldom wanted take longer than the rest of the page. A recipe that
    # edits rows draws them even so: where they are drawn, the file is checked.
    if advanced.open or recipe.edits:
        with advanced:
            advanced_values, is_ready = _render_advanced(form, runs)
            values |= advanced_values
    try:
        form.recipe = dataclasses.replace(recipe, **values)
    except RecipeError as error:  # two incompatible settings
        with main:
            show_error(error, icon=":material/edit_off:")
        is_ready = False
    with presets:
        _render_presets(info, form)
    return is_ready


def _render_presets(info: NetworkInfo, form: TrainForm) -> None:
    """Offer the network's presets and defaults."""
    for name, preset in info.presets.items():
        st.button(
            f"{name.capitalize()}: {preset.epochs} epochs",
            type="secondary",
            icon=":material/bolt:" if name == "quick" else ":material/trophy:",
            disabled=form.recipe == preset,
            on_click=form.fill,
            args=(preset,),
        )
    if form.is_handed_over:
        st.caption("Filled in with the recipe from the page before.", width="content")
    st.button(
        "Back to the defaults",
        type="tertiary",
        disabled=form.recipe == info.recipe,
        on_click=form.fill,
        args=(info.recipe,),
    )


def _render_settings(form: TrainForm) -> dict[str, Any]:
    """Draw the main settings in three columns and return their values."""
    values = form.recipe.to_dict()
    settings = list_settings("main", form.recipe.network)
    # Row by row, to keep the order in a narrow window.
    columns = [column for _ in range(0, len(settings), 3) for column in st.columns(3)]
    return {
        setting.name: render_setting(setting, values[setting.name], form.key(setting.name), column)
        for setting, column in zip(settings, columns, strict=False)
    }


def _render_advanced(form: TrainForm, runs: Sequence[Run]) -> tuple[dict[str, Any], bool]:
    """Draw the advanced settings; return their values and whether the edited rows can be used."""
    recipe = form.recipe
    values = recipe.to_dict()
    values = {
        setting.name: render_setting(setting, values[setting.name], form.key(setting.name))
        for setting in list_settings("advanced", recipe.network)
    }
    if recipe.network not in CLASSICAL:
        values["start_from"] = render_start_from(form.key("start_from"), recipe, runs)
        values |= render_teacher(form, runs)
    values["edits"], is_ready = render_edits(form)
    return values, is_ready


def render_run_name(state: TrainState, row: DeltaGenerator) -> bool:
    """Let the person name the run; return whether the name is valid."""
    name = row.text_input(
        "Name of the run",
        state.run_name.value,
        key=state.run_name.key("run_name"),
        placeholder="Made from network, date and time",
        help="The folder below the models folder, and the run's name on every page.",
    ).strip()
    state.run_name.value = name
    if not name:
        return True
    try:
        check_run_id(name)
    except RunError as error:
        show_error(error, icon=":material/edit_off:")
        return False
    return True
