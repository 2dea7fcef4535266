"""The parts of a run's panel: state, actions, progress and log, drawn again while it is active."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Condition
from typing import Final

import streamlit as st
from cachetools import TTLCache, cached

from fmnist.access.roles import Action
from fmnist.charts.cache import draw_once
from fmnist.charts.live_curve import CurveStyle
from fmnist.charts.stages import draw_stages
from fmnist.charts.training import Columns
from fmnist.launching import (
    explain_end,
    find_disk_trouble,
    list_queue,
)
from fmnist.runs import (
    ACTIVE_STATES,
    Run,
    RunState,
    load_summary,
)
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.layout import RunFile
from fmnist.runs.owners import find_person
from fmnist.runs.progress import list_stages
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import delete_run, restore_run, resume_run, stop_run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.messages import show_error, show_info
from fmnist.ui.shell.run_lifecycle import delete, render_badge, render_stop_or_resume, restore
from fmnist.ui.shell.session import describe_owner
from fmnist.ui.train.curves import render_curves
from fmnist.ui.train.progress import render_latest, render_progress, render_results
from fmnist.ui.train.queue import describe_limit
from fmnist.ui.train.views import WATCH, show_view

LIVE_SECONDS: Final = 0.4
"""How often the panel of an active run refreshes while few sessions watch."""

STATUS_HEIGHT: Final = 60
"""Pixels kept for what an active run is doing: a bar with two lines."""

LAST_LINES = 12
"""Lines at the end of the log that are shown when a run failed."""


def render_live(run: Run, interval: float, style: CurveStyle) -> None:
    """Draw the panel of an active run; meant for a fragment that refreshes every ``interval``."""
    with show_errors("run"):
        state = run.load_state()
        wanted = choose_interval(LIVE_SECONDS, interval) if state in ACTIVE_STATES else None
        # Deleted, over or resumed just now, or other sessions came or left.
        if not run.path.is_dir() or wanted != interval:
            st.rerun()
        render_head(run, state)
        if render_problem(run, state):
            return
        status = run.load_status()
        steps, history = _load_curves(run)
        # A place of its own for each part, so that none moves what is below it.
        with st.container(height=STATUS_HEIGHT, border=False):
            _render_message(run, state)
            render_progress(state, status)
        st.html(draw_once(draw_stages, list_stages(status, state)))
        render_curves(run, state, steps, history, style=style)
        render_latest(run, steps, history)
        render_log(run, state)


def render_head(run: Run, state: RunState) -> None:
    """Draw state and owner of a run, and what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        problem = load_summary(run).problem
        render_badge(state if problem is None else RunState.DAMAGED)
        if run.owner:
            st.caption(f"by {escape_name(describe_owner(run.owner))}", width="content")
        _render_actions(run, state)


def render_problem(run: Run, state: RunState) -> bool:
    """Show what is damaged, with the log, and return whether anything is."""
    problem = load_summary(run).problem
    if problem is None:
        return False
    again = " Resume writes what its worker left again." if run.is_resumable else ""
    show_error(f"This run is damaged. {problem}{again}", icon=":material/broken_image:")
    render_log(run, state)
    return True


def render_end(run: Run, state: RunState) -> None:
    """Draw how a run that is over went: its message, its stages, its figures."""
    status = run.load_status()
    _render_message(run, state)
    if state is RunState.FINISHED:
        render_results(run)
    else:
        render_latest(run, run.load_steps(), run.load_history())
    if status is not None and status.phase_seconds:
        st.html(draw_once(draw_stages, list_stages(status, state)))


def _identify(run: Run) -> tuple[Path, int, int]:
    try:
        history = (run.path / RunFile.HISTORY).stat()
    except OSError:  # before the first epoch
        return run.path, 0, 0
    return run.path, history.st_mtime_ns, history.st_size


# Read at most so often for all sessions that watch the run, since the charts are built from it;
# a new epoch is read at once.
@cached(TTLCache(64, LIVE_SECONDS), key=_identify, condition=Condition())
def _load_curves(run: Run) -> tuple[Columns, Columns]:
    return run.load_steps(), run.load_history()


def render_log(run: Run, state: RunState) -> None:
    """Offer the log; if the run failed or was lost, show its end at once."""
    wrong = state in {RunState.FAILED, RunState.LOST}
    if st.toggle("Show the log", value=wrong, key=f"live_log_{'wrong' if wrong else 'well'}"):
        log = run.load_log(LAST_LINES if wrong else 200)
        st.code(log or "Nothing yet.", language=None, height="content" if wrong else 240)


def _render_actions(run: Run, state: RunState) -> None:
    person = find_person(run.owner)
    if state is not RunState.DAMAGED or run.is_resumable:
        render_stop_or_resume(
            "run",
            state,
            stop=partial(stop_run, run),
            resume=partial(resume_run, run),
            stop_label="Leave the queue" if state is RunState.QUEUED else "Stop training",
            owner=person,
        )
    if state is RunState.FINISHED:
        st.page_link(
            "pages/evaluate.py",
            label="Evaluate",
            icon=":material/fact_check:",
            query_params={"run": run.run_id},
        )
    if state not in ACTIVE_STATES:
        st.button(
            "Delete",
            icon=":material/delete:",
            type="tertiary",
            key="delete",
            **get_lock(Action.DELETE_RUN, person),
            on_click=partial(_delete, run),
        )


def _delete(run: Run) -> None:
    if delete("run", {run.run_id: partial(delete_run, run)}):
        show_view(WATCH)


def undo_delete(run_ids: Sequence[str]) -> None:
    """Bring deleted runs back and show the last of them; for ``render_undo``."""
    for run_id in restore("run", run_ids, restore_run):
        show_view(WATCH, run_id)


def _render_message(run: Run, state: RunState) -> None:
    if run.recipe.network in CLASSICAL:
        kept = "The fitted model is kept." if run.has_model else "It was not fitted to the end."
        resumed = "begins again"
    else:
        kept = (
            "The weights of its best epoch are kept."
            if run.model_path
            else "It had not completed an epoch, so there are no weights."
        )
        resumed = "continues after the last completed epoch"
    if state is RunState.QUEUED:
        waiting = [other.run_id for other in list_queue()]
        place = waiting.index(run.run_id) + 1 if run.run_id in waiting else 1
        st.caption(
            f":material/hourglass_empty: Waiting in the queue, place {place} of "
            f"{max(place, len(waiting))}. {describe_limit()} "
            + escape_markdown(find_disk_trouble(run.path) or "")
        )
    elif state is RunState.STOPPED:
        show_info(f"Stopped on request. {kept} Resume {resumed}.")
    elif state is RunState.FAILED:
        status = run.load_status()
        show_error(f"{status.error if status else 'It failed.'} {kept}")
    elif state is RunState.LOST:
        show_error(
            f"{explain_end(run)} {kept} Resume {resumed}.",
            icon=":material/link_off:",
        )
