"""The form of a new study: what to vary or repeat, and how much it may cost."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Final

import streamlit as st

from fmnist.networks import NETWORKS
from fmnist.runs import Recipe, list_runs, open_run
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
    start_study,
)

KIND_LABELS: Final = {SWEEP: "Search settings", REPEAT: "Repeat seeds"}

QUICK_EPOCHS: Final = 4
QUICK_SHARE: Final = 0.1
"""A dozen such trials of the CNN take a laptop some minutes."""

_SHARES: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0)


def render_study_form() -> Study | None:
    """Draw the form and return the study that was started, else None.

    Raises:
        FmnistError: what was asked for is not allowed, or the study can't be written.
    """
    with st.container(border=True):
        kind = st.segmented_control(
            "What for", list(KIND_LABELS), format_func=KIND_LABELS.__getitem__, default=SWEEP,
            required=True, key="study_kind", width="stretch",
        )  # fmt: skip
        source, from_run = _render_source()
        recipe = _render_cost(source, quick=not from_run)
        values = _render_sweep() if kind == SWEEP else _render_repeat(recipe)
        with st.expander("Finer points", icon=":material/tune:"):
            name, more = _render_finer_points(kind, recipe)
        if not st.button(
            "Start the study", type="primary", icon=":material/play_arrow:", width="stretch"
        ):
            return None
    plan = StudyPlan(kind, dataclasses.replace(recipe, seed=more.pop("first")), **values, **more)
    return start_study(plan, name=name or None, owner="Study page")


def _render_source() -> tuple[Recipe, bool]:
    """Let the person choose which recipe to start from; tell whether it is a run's."""
    runs = [run.run_id for run in list_runs()]
    if st.session_state.get("study_source") not in {None, *NETWORKS, *runs}:
        st.session_state.pop("study_source")
    name = st.selectbox(
        "Start from the recipe of", [*NETWORKS, *runs], key="study_source",
        format_func=lambda key: f"{NETWORKS[key].title} (default)" if key in NETWORKS else key,
        help="A network's default recipe, or that of a run.",
    )  # fmt: skip
    return (NETWORKS[name].recipe, False) if name in NETWORKS else (open_run(name).recipe, True)


def _render_cost(recipe: Recipe, *, quick: bool) -> Recipe:
    left, right = st.columns(2)
    epochs = left.number_input(
        "Epochs",
        1,
        500,
        QUICK_EPOCHS if quick else recipe.epochs,
        help="Of each run. Few will do to compare settings; a repeat wants those of the real run.",
    )
    share = QUICK_SHARE if quick else recipe.train_share
    train_share = right.select_slider(
        "Data share",
        sorted({*_SHARES, share}),
        share,
        format_func=lambda value: f"{value:.0%}",
        help="Part of the training images that each run sees.",
    )
    return dataclasses.replace(recipe, epochs=int(epochs), train_share=train_share)


def _render_sweep() -> dict[str, Any]:
    left, right = st.columns(2)
    values: dict[str, Any] = {
        "trials": int(left.number_input("Trials", 1, MAX_TRIALS, 12, help="Runs at most.")),
        "minutes": right.number_input(
            "Minutes", 0, 100_000, 0, help="No trial begins after so many minutes; 0: no limit."
        ),
    }
    st.markdown("**What to vary**")
    space = {}
    for name, offered in list_sweepable().items():
        if st.checkbox(SETTINGS[name].label, name in DEFAULT_SETTINGS, key=f"vary_{name}"):
            space[name] = _render_values(SETTINGS[name], offered)
    return values | {"space": space}


def _render_values(setting: Setting, offered: Range | Choices) -> Range | Choices:
    """Draw the control for the values of one setting."""
    label, key = f"{setting.label}: values to try", f"values_{setting.name}"
    if isinstance(offered, Choices):
        chosen = st.multiselect(
            label, offered.values, default=offered.values, label_visibility="collapsed",
            key=key, format_func=setting.format_value,
        )  # fmt: skip
        return Choices(tuple(chosen))
    if offered.log:
        low, high = st.select_slider(
            label, list_log_steps(setting, offered), (offered.low, offered.high),
            format_func=setting.format_value, label_visibility="collapsed", key=key,
        )  # fmt: skip
    else:
        low, high = st.slider(
            label, *setting.bounds, (offered.low, offered.high), offered.step,
            label_visibility="collapsed", key=key,
        )  # fmt: skip
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
        "Seeds", 2, MAX_SEEDS, 5,
        help=f"Runs that differ in nothing else, counted up from seed {recipe.seed}. Five give an "
        "idea of the spread; the interval of the mean narrows with more.",
    )  # fmt: skip
    return {"trials": int(count)}


def _render_finer_points(kind: str, recipe: Recipe) -> tuple[str, dict[str, Any]]:
    name = st.text_input(
        "Name", placeholder="Made from network and date", max_chars=60,
        help="The names of its runs begin with it.",
    )  # fmt: skip
    first = st.number_input(
        "Seed" if kind == SWEEP else "First seed", 0, 2**31 - 1, recipe.seed,
        help="Of every run: trials then differ in their settings alone."
        if kind == SWEEP
        else "The others follow it.",
    )  # fmt: skip
    more: dict[str, Any] = {"first": int(first)}
    if kind == SWEEP:
        more["pruning"] = st.toggle(
            "End trials that fall behind", True,
            help="From the second epoch on, a trial whose best validation accuracy so far is below "
            "the median of the finished ones at that epoch is stopped.",
        )  # fmt: skip
        more["seed"] = int(
            st.number_input("Seed of the proposals", 0, 2**31 - 1, 0, help="Decides what is tried.")
        )
    return name.strip(), more


def repeat_run(run_id: str) -> None:
    """Fill in the form to repeat a run over seeds; for a button's ``on_click``."""
    st.session_state["study_kind"] = REPEAT
    st.session_state["study_source"] = run_id
