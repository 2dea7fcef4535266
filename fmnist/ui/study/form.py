"""The form of a new study: what it varies or repeats, and how long it may take."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.comparison import is_trial
from fmnist.networks import NETWORKS
from fmnist.runs import Recipe, list_runs, open_run
from fmnist.runs.architecture_settings import ARCHITECTURE_SETTINGS
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.setting import Setting
from fmnist.runs.settings_spec import SETTINGS
from fmnist.study import (
    DEFAULT_SETTINGS,
    MAX_SEEDS,
    MAX_TRIALS,
    REPEAT,
    SWEEP,
    Choices,
    Range,
    Study,
    StudyPlan,
    list_sweepable,
)
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import start_study
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.study.values import render_values

KIND_LABELS: Final = {SWEEP: "Search settings", REPEAT: "Repeat seeds"}

QUICK_EPOCHS: Final = 4
QUICK_SHARE: Final = 0.1
"""Twelve trials of the CNN with these take a few minutes on a laptop."""


@dataclass
class StudyForm:
    """The values that other pages fill in.

    Attributes:
        kind: ``SWEEP`` or ``REPEAT``.
        source: name of the network or run whose recipe the study starts from.
    """

    kind: Field = field(default_factory=lambda: Field(SWEEP))
    source: Field = field(default_factory=lambda: Field("cnn"))


def render_study_form() -> Study | None:
    """Draw the form and return the study if one was started, otherwise None.

    Raises:
        FmnistError: a value is not allowed, or the study can't be written.
    """
    form = get_state(StudyForm)
    with st.container(border=True):
        kind = st.segmented_control(
            "Purpose",
            list(KIND_LABELS),
            format_func=KIND_LABELS.__getitem__,
            default=form.kind.value,
            required=True,
            key=form.kind.key("study_kind"),
            width="stretch",
        )
        form.kind.value = kind
        source, from_run = _render_source(form.source)
        recipe = _render_cost(source, quick=not from_run)
        values = _render_sweep(recipe.network) if kind == SWEEP else _render_repeat(recipe)
        with st.expander("Advanced settings", icon=":material/tune:"):
            name, more = _render_advanced(kind, recipe)
        if not st.button(
            "Start the study",
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            **get_lock(Action.START_STUDY),
        ):
            return None
    plan = StudyPlan(kind, dataclasses.replace(recipe, seed=more.pop("first")), **values, **more)
    return start_study(plan, name=name or None, owner="Study page")


def _render_source(source: Field) -> tuple[Recipe, bool]:
    """Let the person choose a recipe; return it, and whether it comes from a run."""
    runs = [
        run.run_id
        for run in list_runs()
        if run.recipe.network not in CLASSICAL  # a study could hardly vary it
        and (not is_trial(run) or run.run_id == source.value)
    ]
    names = [*NETWORKS, *runs]
    if source.value not in names:
        source.set(names[0])
    name = st.selectbox(
        "Start from the recipe of",
        names,
        names.index(source.value),
        key=source.key("study_source"),
        format_func=lambda key: f"{NETWORKS[key].title} (default)" if key in NETWORKS else key,
        help="The default recipe of a network, or the recipe of a run.",
    )
    source.value = name
    return (NETWORKS[name].recipe, False) if name in NETWORKS else (open_run(name).recipe, True)


def _render_cost(recipe: Recipe, *, quick: bool) -> Recipe:
    left, right = st.columns(2)
    setting, share = SETTINGS["epochs"], SETTINGS["train_share"]
    low, high = map(int, setting.bounds)
    epochs = left.number_input(
        setting.label,
        low,
        high,
        QUICK_EPOCHS if quick else recipe.epochs,
        help="Of each run. A few are enough to compare settings; a repeat needs as many as the "
        "run it repeats.",
    )
    train_share = QUICK_SHARE if quick else recipe.train_share
    train_share = right.select_slider(
        share.label,
        sorted({*share.offered, train_share}),
        train_share,
        format_func=share.format_value,
        help="Share of the training images that each run uses.",
    )
    return dataclasses.replace(recipe, epochs=int(epochs), train_share=train_share)


def _render_sweep(network: str) -> dict[str, Any]:
    left, right = st.columns(2)
    values: dict[str, Any] = {
        "trials": int(
            left.number_input("Trials", 1, MAX_TRIALS, 12, help="Maximum number of runs.")
        ),
        "minutes": right.number_input(
            "Minutes", 0, 100_000, 0, help="No trial starts after this time; 0: no limit."
        ),
    }
    offered = list_sweepable(network)
    of_layers = {name: offered.pop(name) for name in ARCHITECTURE_SETTINGS if name in offered}
    st.markdown("**Settings to vary**")
    space = _render_space(SETTINGS, offered)
    if of_layers:
        st.markdown("**Architecture to vary**")
        space |= _render_space(ARCHITECTURE_SETTINGS, of_layers)
        st.caption(
            "Combinations that would pool single pixels, or be larger than a network may be, are "
            "not tried."
        )
    return values | {"space": space}


def _render_space(
    settings: Mapping[str, Setting], offered: Mapping[str, Range | Choices]
) -> dict[str, Range | Choices]:
    """Draw a box for each setting and, if it is ticked, the values to try."""
    return {
        name: render_values(settings[name], values)
        for name, values in offered.items()
        if st.checkbox(settings[name].label, name in DEFAULT_SETTINGS, key=f"vary_{name}")
    }


def _render_repeat(recipe: Recipe) -> dict[str, Any]:
    count = st.number_input(
        "Seeds",
        2,
        MAX_SEEDS,
        5,
        help=f"Number of runs that differ only in the seed, counted up from {recipe.seed}. Five "
        "show the spread roughly; the interval of the mean narrows with more.",
    )
    return {"trials": int(count)}


def _render_advanced(kind: str, recipe: Recipe) -> tuple[str, dict[str, Any]]:
    name = st.text_input(
        "Name",
        placeholder="Network, purpose, date",
        max_chars=60,
        help="The names of the study's runs begin with it.",
    )
    first = st.number_input(
        "Seed" if kind == SWEEP else "First seed",
        0,
        2**31 - 1,
        recipe.seed,
        help="The same for all trials, so that they differ only in their settings."
        if kind == SWEEP
        else "The other runs have the seeds that follow.",
    )
    more: dict[str, Any] = {"first": int(first)}
    if kind == SWEEP:
        more["pruning"] = st.toggle(
            "End trials that fall behind",
            True,
            help="Pruning: from the second epoch on, a trial is stopped if its best validation "
            "accuracy is below the median of the finished trials at that epoch.",
        )
        more["seed"] = int(
            st.number_input(
                "Seed of the sampler", 0, 2**31 - 1, 0, help="Determines which settings are tried."
            )
        )
    return name.strip(), more


def repeat_run(run_id: str) -> None:
    """Fill in the form to repeat a run with several seeds."""
    form = get_state(StudyForm)
    form.kind.set(REPEAT)
    form.source.set(run_id)
