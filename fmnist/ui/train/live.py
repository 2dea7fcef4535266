"""The panel of one run: state, actions, progress, curves and log."""

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
from fmnist.charts.training import Columns, plot_curve, thin_columns
from fmnist.launching import (
    ensure_dispatcher,
    explain_end,
    find_disk_trouble,
    list_queue,
)
from fmnist.runs import (
    ACTIVE_STATES,
    Run,
    RunState,
    Status,
    load_summary,
)
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.layout import RunFile
from fmnist.runs.owners import find_person
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import delete_run, restore_run, resume_run, stop_run
from fmnist.ui.shell.frame import tell_errors
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.messages import show_error, show_info
from fmnist.ui.shell.run_lifecycle import delete, render_badge, render_stop_or_resume, restore
from fmnist.ui.shell.session import describe_owner
from fmnist.ui.shell.url import write_parameter
from fmnist.ui.train.progress import render_progress
from fmnist.ui.train.queue import describe_limit
from fmnist.ui.widgets.curves import explain_gap

LIVE_SECONDS: Final = 0.4
"""How often the panel of an active run refreshes while few sessions watch."""

LAST_LINES = 12
"""Lines at the end of the log that are shown when a run failed."""


def render_run(run: Run) -> None:
    """Draw the panel of a run; refreshes every ``LIVE_SECONDS`` while the run is active."""
    interval = None
    if run.load_state() in ACTIVE_STATES:
        ensure_dispatcher()
        interval = choose_interval(LIVE_SECONDS)
    st.fragment(_render_panel, run_every=interval)(run, interval)


def _render_panel(run: Run, interval: float | None) -> None:
    with tell_errors("run"):
        _render_parts(run, interval)


def _render_parts(run: Run, interval: float | None) -> None:
    state = run.load_state()
    wanted = choose_interval(LIVE_SECONDS, interval) if state in ACTIVE_STATES else None
    # Deleted, over or resumed just now, or other sessions came or left.
    if not run.path.is_dir() or wanted != interval:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape_name(run.run_id)}**", width="content")
        problem = load_summary(run).problem
        render_badge(state if problem is None else RunState.DAMAGED)
        if run.owner:
            st.caption(f"by {escape_name(describe_owner(run.owner))}", width="content")
        _render_actions(run, state)
    if problem is not None:
        again = " Resume writes what its worker left again." if run.is_resumable else ""
        show_error(f"This run is damaged. {problem}{again}", icon=":material/broken_image:")
        _render_log(run, state)
        return
    status = run.load_status()
    steps, history = _load_curves(run) if interval else (run.load_steps(), run.load_history())
    # One container whatever it holds: otherwise the charts below would move and be mounted again.
    with st.container():
        _render_message(run, state, status)
        render_progress(run, state, status, steps, history)
    with st.container():
        _render_curves(run, state, steps, history)
    _render_log(run, state)


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


def _render_curves(run: Run, state: RunState, steps: Columns, history: Columns) -> None:
    if run.recipe.network in CLASSICAL:
        st.caption("A classical model is fitted as a whole, so it has no curves over epochs.")
        return
    if not len(steps.get("loss", ())):
        st.caption(
            "Loss and accuracy appear here with the first training steps."
            if state in ACTIVE_STATES
            else "The run ended before its first training step was recorded."
        )
        return
    shown = thin_columns(steps)
    for metric in ("loss", "accuracy"):
        st.plotly_chart(
            draw_once(plot_curve, shown, history, metric, epochs=run.recipe.epochs),
            key=f"live_{metric}",
            config={"displayModeBar": False},
            alt=f"{metric.capitalize()} over the epochs, training and validation",
        )
    if state is RunState.RUNNING and not len(history.get("epoch", ())):
        st.caption("Validation points (orange) follow after each epoch.")
    if gap := explain_gap(history, run.recipe):
        st.caption(gap)


def _render_log(run: Run, state: RunState) -> None:
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
        write_parameter("run", None)


def undo_delete(run_ids: Sequence[str]) -> None:
    """Bring deleted runs back and show the last of them; for ``render_undo``."""
    for run_id in restore("run", run_ids, restore_run):
        write_parameter("run", run_id)  # the box follows the URL


def _render_message(run: Run, state: RunState, status: Status | None) -> None:
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
        show_info(
            f"Waiting in the queue, place {place} of {max(place, len(waiting))}. "
            f"{describe_limit()} {find_disk_trouble(run.path) or ''}",
            icon=":material/hourglass_empty:",
        )
    elif state is RunState.STOPPED:
        show_info(f"Stopped on request. {kept} Resume {resumed}.")
    elif state is RunState.FAILED:
        show_error(f"{status.error if status else 'It failed.'} {kept}")
    elif state is RunState.LOST:
        show_error(
            f"{explain_end(run)} {kept} Resume {resumed}.",
            icon=":material/link_off:",
        )
