"""The results of a sweep: metrics, charts, the table of trials, the best settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from fmnist import settings
from fmnist.charts.cache import draw_once
from fmnist.charts.study import plot_best_so_far, plot_importance, plot_slices
from fmnist.charts.study_parallel import label_choices, plot_parallel
from fmnist.runs.progress import describe_phase, format_seconds
from fmnist.runs.settings_spec import get_label
from fmnist.study import ACTIVE_STUDY_STATES, Study, StudyState, open_study
from fmnist.study.journal import MIN_FINISHED, compute_importance, load_trials
from fmnist.study.results import (
    OVER,
    Trial,
    compute_best_so_far,
    compute_time_left,
    find_best,
)
from fmnist.study.table import build_trial_table
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_info
from fmnist.ui.study.winner import follow_choice, render_winner
from fmnist.ui.widgets.chart import render_chart

_VIEWS: Final = {
    "trials": "Trials",
    "slices": "By setting",
    "parallel": "Parallel coordinates",
    "importance": "Importance",
}


def link_run(run_id: str) -> str:
    """Return the address of a run on the Train page, relative to this one."""
    return f"train?run={quote(run_id)}"


def render_sweep(study: Study, state: StudyState) -> None:
    """Draw the progress and the results of a sweep."""
    follow_choice()
    trials = load_trials(study)
    best = find_best(trials)
    _render_progress(study, state, trials)
    if not trials:
        st.caption("The first trial starts in a moment, with the settings of the recipe.")
        return
    table = build_trial_table(study, trials)
    render_chart(
        draw_once(plot_best_so_far, table, compute_best_so_far(trials)),
        f"Validation accuracy of {len(trials)} trials; the best finished one "
        + (f"reached {best.accuracy:.2%}" if best is not None else "is still to come"),
        key="study_best",
    )
    st.caption(
        "Each mark is a trial's validation accuracy; the line is the best finished one so far. If "
        "the line has been flat for many trials, more of them will hardly help."
    )
    if best is not None:
        render_winner(study, best)
    view = st.segmented_control(
        "View",
        list(_VIEWS),
        format_func=_VIEWS.__getitem__,
        default="trials",
        required=True,
        key="study_view",
    )
    _render_view(str(view), study, table)


def _render_progress(study: Study, state: StudyState, trials: Sequence[Trial]) -> None:
    over = sum(trial.state in OVER for trial in trials)
    status, best = study.load_status(), find_best(trials)
    progress, doing = _describe_current(study, trials)
    minutes_left = (
        study.plan.minutes - (status.seconds / 60 if status else 0.0)
        if study.plan.minutes
        else math.inf
    )
    left = compute_time_left(
        trials, study.plan.trials, progress=progress, minutes_left=minutes_left
    )
    if state in ACTIVE_STUDY_STATES:
        done = min(1.0, (over + progress) / study.plan.trials)
        st.progress(done, text=f"Trial {over + 1} of {study.plan.trials}{escape_markdown(doing)}")
    with st.container(horizontal=True):
        st.metric("Best validation", f"{best.accuracy:.2%}" if best else "–", border=True)
        st.metric("Trials done", f"{over} of {study.plan.trials}", border=True)
        pruned = sum(trial.state == "pruned" for trial in trials)
        st.metric(
            "Pruned",
            f"{pruned}",
            border=True,
            help="Trials stopped early because they fell behind the others.",
        )
        if state in ACTIVE_STUDY_STATES:
            st.metric("Time left", "–" if left is None else format_seconds(left), border=True)
        elif status is not None:
            st.metric("Time taken", format_seconds(status.seconds), border=True)


def _describe_current(study: Study, trials: Sequence[Trial]) -> tuple[float, str]:
    """Return the progress of the current trial, 0 to 1, and its phase in words."""
    if not trials or trials[-1].state in OVER:
        return 0.0, ""
    run = study.find_run(trials[-1].number)
    status = run.load_status() if run is not None else None
    if run is None or status is None:
        return 0.0, f": {run.load_state() if run is not None else 'starting'}"
    return status.progress, f": {describe_phase(status)}"


def _render_view(view: str, study: Study, table: pd.DataFrame) -> None:
    varied = list(study.plan.space)
    judged = int(table["accuracy"].notna().sum())
    sentence = f"{judged} trials; the highest is {table['accuracy'].max():.2%}"
    values = label_choices(table, varied)[["trial", *varied, "accuracy"]]
    if view == "trials":
        _render_table(table, varied)
    elif view == "importance":
        _render_importance(study, table)
    elif judged < 2:
        show_info(f"This view needs two trials with at least one epoch each ({judged} so far).")
    elif view == "parallel":
        render_chart(
            draw_once(plot_parallel, table, varied),
            f"Settings and accuracy of {sentence}",
            key="study_parallel",
            table=values,
        )
        st.caption(
            "Each line is a trial, from its settings to its accuracy. A setting matters where the "
            "orange lines of the best quarter run together, and does not where they spread out."
        )
    else:
        render_chart(
            draw_once(plot_slices, table, varied),
            f"Accuracy by setting of {sentence}",
            key="study_slices",
            table=values,
        )
        st.caption(
            "A slope or a peak shows which values of a setting work best. A flat cloud means that "
            "the setting matters little in this range."
        )


def _render_table(table: pd.DataFrame, varied: Sequence[str]) -> None:
    shown = label_choices(table, varied).assign(
        run=table["run"].map(link_run),
        accuracy=table["accuracy"] * 100,
        seconds=table["seconds"].round(),
    )
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key="study_table",
        column_order=["run", "state", "accuracy", *varied, "epochs", "seconds", "note"],
        column_config={
            "run": st.column_config.LinkColumn("Trial", display_text=r"-t0*(\d+)$", pinned=True),
            "state": "State",
            "epochs": "Epochs",
            "note": "Note",
            "accuracy": st.column_config.NumberColumn("Validation", format="%.2f %%"),
            "seconds": st.column_config.NumberColumn("Seconds", format="%d"),
            **{name: get_label(name) for name in varied},
        },
    )
    st.caption(
        "Each trial is an ordinary run; click its number to open it. A pruned trial was stopped "
        "early and shows its best accuracy up to then."
    )


def _render_importance(study: Study, table: pd.DataFrame) -> None:
    finished = int((table["state"] == "finished").sum())
    if finished < MIN_FINISHED:
        show_info(
            f"Importance needs {MIN_FINISHED} finished trials ({finished} so far; pruned trials "
            "do not count)."
        )
        return
    importance = _get_importance(study.name, str(settings.models_dir()), finished)
    if not importance:
        st.info("All finished trials have the same accuracy, so no setting matters.")
        return
    most = max(importance, key=importance.__getitem__)
    render_chart(
        draw_once(plot_importance, importance),
        f"{get_label(most)} explains most of the variance between trials: {importance[most]:.0%}",
        key="study_importance",
    )
    st.caption(
        "Share of the variance between finished trials that each setting explains (fANOVA, "
        "Hutter et al. 2014). With few trials it is only a rough indication."
    )


@st.cache_data(show_spinner=False, max_entries=16)
def _get_importance(name: str, _models: str, finished: int) -> dict[str, float]:  # noqa: ARG001
    return compute_importance(open_study(name))
