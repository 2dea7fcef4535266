"""The panel of one study: state, actions, progress and results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.study import (
    ACTIVE_STUDY_STATES,
    SWEEP,
    Study,
    StudyState,
    ensure_study,
    open_study,
)
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import (
    delete_study,
    erase_study,
    extend_study,
    list_restorable_studies,
    restore_study,
    resume_study,
    stop_study,
)
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_name, shorten
from fmnist.ui.shell.messages import show_error, show_warning
from fmnist.ui.shell.page_state import UrlChoice, get_state, read_widget
from fmnist.ui.shell.run_lifecycle import (
    act,
    delete,
    render_badge,
    render_stop_or_resume,
    render_trash,
    restore,
)
from fmnist.ui.shell.url import read_parameter, write_parameter
from fmnist.ui.study.seeds import render_seeds
from fmnist.ui.study.sweep import render_sweep

PANEL_SECONDS: Final = 1.0
"""Refresh interval of the panel while the study is active."""


def render_study_picker(studies: list[Study]) -> Study:
    """Draw the box of studies and return the chosen one, which is kept in the URL as ``study=…``.

    Args:
        studies: the studies, at least one; the first is the default.
    """
    by_name = {study.name: study for study in studies}
    asked = read_parameter("study")
    if asked is not None and asked not in by_name:
        show_warning(f"There is no study named “{shorten(asked)}”, so another one is shown.")
    choice = get_state(UrlChoice, "study")
    shown = choice.follow("study", list(by_name))
    name = st.selectbox(
        "Study",
        list(by_name),
        list(by_name).index(shown),
        key=choice.key("study_name"),
        format_func=lambda key: describe_study(by_name[key]),
    )
    choice.write("study", name)
    return by_name[name]


def describe_study(study: Study) -> str:
    """Return a study's name and size for a list."""
    what = "trials" if study.plan.kind == SWEEP else "seeds"
    return f"{study.name} ({study.plan.trials} {what})"


def show_study(name: str) -> None:
    """Show that study from the next rerun on."""
    write_parameter("study", name)


def render_study(study: Study) -> None:
    """Draw the panel of a study; it refreshes every ``PANEL_SECONDS`` while the study is active."""
    active = study.load_state() in ACTIVE_STUDY_STATES
    if active:
        ensure_study(study)
    interval = choose_interval(PANEL_SECONDS) if active else None
    st.fragment(_render_panel, run_every=interval)(study, active)


def _render_panel(study: Study, was_active: bool) -> None:
    with show_errors("study"):
        _render_parts(study, was_active)


def _render_parts(study: Study, was_active: bool) -> None:
    if not study.path.is_dir():  # just deleted by a button of this fragment
        st.rerun()
    study = open_study(study.name)  # its plan changes when it is extended
    state = study.load_state()
    if state is StudyState.STARTING:
        ensure_study(study)
    if was_active is not (state in ACTIVE_STUDY_STATES):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_name(study.name)}**", width="content")
        render_badge(state)
        _render_actions(study, state)
    # Always one container, otherwise the charts below would move and be remounted.
    with st.container():
        _render_message(study, state)
    (render_sweep if study.plan.kind == SWEEP else render_seeds)(study, state)


def _render_actions(study: Study, state: StudyState) -> None:
    render_stop_or_resume(
        "study",
        state,
        stop=partial(stop_study, study),
        resume=partial(resume_study, study),
        stop_label="Stop the study",
        owner=study.owner,
    )
    if state in ACTIVE_STUDY_STATES:
        return
    if state is StudyState.FINISHED:
        _render_extension(study)
    with st.popover("Delete", type="tertiary", icon=":material/delete:"):
        st.toggle("Also delete its runs", True, key="delete_with_runs")
        st.button(
            "Delete the study",
            on_click=partial(_delete, study),
            key="delete_study",
            **get_lock(Action.DELETE_STUDY, study.owner),
        )


def _delete(study: Study) -> None:
    remove = partial(delete_study, study, with_runs=read_widget("delete_with_runs"))
    if delete("study", {study.name: remove}):
        write_parameter("study", None)


def _render_extension(study: Study) -> None:
    sweep = study.plan.kind == SWEEP
    with st.popover("Extend", icon=":material/add:"):
        st.number_input(
            "More trials" if sweep else "More seeds", 1, 100, 6 if sweep else 3, key="more_trials"
        )
        if study.plan.minutes:
            minutes = math.ceil(study.plan.minutes)
            st.number_input("More minutes", 0, 10_000, minutes, key="more_minutes")
        st.button(
            "Extend the study",
            on_click=partial(_extend, study),
            key="extend_study",
            **get_lock(Action.EXTEND_STUDY, study.owner),
        )


def _extend(study: Study) -> None:
    minutes = read_widget("more_minutes", 0.0)
    act(extend_study, study, trials=read_widget("more_trials"), minutes=minutes)


def undo_delete(names: Sequence[str]) -> None:
    """Restore deleted studies and show the last of them; for ``render_undo``."""
    for name in restore("study", names, restore_study):
        show_study(name)


def render_deleted_studies() -> None:
    """Draw the deleted studies, to restore or to erase."""
    render_trash("study", list_restorable_studies(), restore=undo_delete, erase=erase_study)


def _render_message(study: Study, state: StudyState) -> None:
    if state is StudyState.STARTING:
        st.info(
            "The study is starting, which takes a few seconds.", icon=":material/hourglass_empty:"
        )
    elif state is StudyState.STOPPED:
        st.info("Stopped. Resume continues with the unfinished run.")
    elif state is StudyState.FAILED:
        status = study.load_status() if study.plan.kind == SWEEP else None
        error = (status and status.error) or "A run failed or was lost; open the run to see why."
        show_error(f"{error} Resume tries again.")
