"""The form of a new study: what it varies or repeats, and how long it may take."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.comparison import is_trial
from fmnist.networks import NETWORKS
from fmnist.runs import Recipe, list_runs, open_run
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

KIND_LABELS: Final = {SWEEP: "Search settings", REPEAT: "Repeat seeds"}

QUICK_EPOCHS: Final = 4
QUICK_SHARE: Final = 0.1
"""Twelve trials of the CNN with these take a few minutes on a laptop."""


@dataclass
class StudyForm:
    """What other pages fill in for the person.

    Attributes:
        kind: ``SWEEP`` or ``REPEAT``.
        source: name of the network or run whose recipe the study starts from.
    """

    kind: Field = field(default_factory=lambda: Field(SWEEP))
    source: Field = field(default_factory=lambda: Field("cnn"))


def render_study_form() -> Study | None:
    """Draw the form and return the study that was started, else None.

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
        values = _render_sweep() if kind == SWEEP else _render_repeat(recipe)
        with st.expander("Finer points", icon=":material/tune:"):
            name, more = _render_finer_points(kind, recipe)
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
    """Let the person choose a recipe; return it, and whether it is that of a run."""
    runs = [
        run.run_id
        for run in list_runs()
        if run.recipe.network not in CLASSICAL  # which a study could hardly vary
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


def _render_sweep() -> dict[str, Any]:
    left, right = st.columns(2)
    values: dict[str, Any] = {
        "trials": int(
            left.number_input("Trials", 1, MAX_TRIALS, 12, help="Maximum number of runs.")
        ),
        "minutes": right.number_input(
            "Minutes", 0, 100_000, 0, help="No trial starts after this time; 0: no limit."
        ),
    }
    st.markdown("**Settings to vary**")
    space = {}
    for name, offered in list_sweepable().items():
        setting = SETTINGS[name]
        if st.checkbox(setting.label, name in DEFAULT_SETTINGS, key=f"vary_{name}"):
            space[name] = _render_values(setting, offered)
    return values | {"space": space}


def _render_values(setting: Setting, offered: Range | Choices) -> Range | Choices:
    """Draw the control for the values of one setting."""
    label, key = f"{setting.label}: values to try", f"values_{setting.name}"
    if isinstance(offered, Choices):
        chosen = st.multiselect(
            label,
            offered.values,
            default=offered.values,
            label_visibility="collapsed",
            key=key,
            format_func=setting.format_value,
        )
        return Choices(tuple(chosen))
    if offered.log:
        low, high = st.select_slider(
            label,
            list_log_steps(setting, offered),
            (offered.low, offered.high),
            format_func=setting.format_value,
            label_visibility="collapsed",
            key=key,
        )
    else:
        low, high = st.slider(
            label,
            *setting.bounds,
            (offered.low, offered.high),
            offered.step,
            label_visibility="collapsed",
            key=key,
        )
    return dataclasses.replace(offered, low=low, high=high)


def list_log_steps(setting: Setting, offered: Range) -> list[float]:
    """Return 1, 2, 3 and 5 times the powers of ten that a range may be widened to.

    They go one step of ten beyond both ends of the range offered, within the setting's bounds.
    """
    lowest, highest = setting.bounds
    low, high = max(lowest, offered.low / 10), min(highest, offered.high * 10)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = {float(f"{digit}e{decade}") for decade in decades for digit in (1, 2, 3, 5)}
    return sorted({step for step in steps if low <= step <= high} | {offered.low, offered.high})


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


def _render_finer_points(kind: str, recipe: Recipe) -> tuple[str, dict[str, Any]]:
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
