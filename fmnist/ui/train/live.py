"""The parts of a run's panel: state, actions, progress, curves and log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Condition
from typing import Final, Self

import streamlit as st
from cachetools import TTLCache, cached

from fmnist.access.roles import Action
from fmnist.charts.cache import draw_once
from fmnist.charts.live_curve import CurveStyle
from fmnist.charts.stages import draw_stages
from fmnist.charts.training import Columns
from fmnist.charts.value_row import draw_values
from fmnist.launching import (
    explain_end,
    find_disk_trouble,
    list_queue,
)
from fmnist.networks.as_architecture import write_as_architecture
from fmnist.networks.design_link import encode_design
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
from fmnist.runs.recipe import CUSTOM
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import delete_run, restore_run, resume_run, stop_run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.messages import show_error, show_info
from fmnist.ui.shell.run_lifecycle import delete, render_badge, render_stop_or_resume, restore
from fmnist.ui.shell.session import describe_owner
from fmnist.ui.train.curves import render_curves
from fmnist.ui.train.design_state import PARAMETER
from fmnist.ui.train.progress import list_latest, render_progress, render_results
from fmnist.ui.train.queue import describe_limit
from fmnist.ui.train.views import WATCH, show_view
from fmnist.ui.widgets.curves import explain_gap

LIVE_SECONDS: Final = 0.4
"""How often the panel of an active run refreshes while few sessions watch."""

STATUS_HEIGHT: Final = 60
"""Pixels kept for the progress of an active run: a bar with two lines."""

LAST_LINES = 12
"""Lines at the end of the log that are shown when a run failed."""


@dataclass(frozen=True, slots=True)
class PanelHeader:
    """The values on which the header of a run's panel depends.

    Attributes:
        state: the state of the run.
        problem: what is damaged; None if nothing is.
    """

    state: RunState
    problem: str | None

    @classmethod
    def of(cls, run: Run) -> Self:
        """Read the header from the run's files."""
        return cls(run.load_state(), load_summary(run).problem)


def render_live(
    run: Run, header: PanelHeader, interval: float, style: CurveStyle, *, log: bool
) -> None:
    """Draw the progress of an active run; meant for a fragment that refreshes every ``interval``.

    It has few elements because it is redrawn repeatedly for every viewer. Whatever depends on the
    state alone is drawn by the page, which reruns when the state changes.
    """
    with show_errors("run"):
        wanted = choose_interval(LIVE_SECONDS, interval) if header.state in ACTIVE_STATES else None
        # Just deleted, ended, resumed or damaged, or the number of sessions has changed.
        if not run.path.is_dir() or _read_header(run, header) != header or wanted != interval:
            st.rerun()
        if header.problem is not None:
            return
        status = run.load_status()
        steps, history = _load_curves(run)
        with st.container(height=STATUS_HEIGHT, border=False):
            _render_message(run, header.state)
            render_progress(header.state, status)
        st.html(
            draw_once(draw_stages, list_stages(status, header.state))
            + draw_once(draw_values, list_latest(run, steps, history))
        )
        render_curves(run, header.state, steps, history, style=style)
        if log:
            _render_lines(run, 200)
        if gap := explain_gap(history, run.recipe):
            st.caption(gap)


def render_header(run: Run, header: PanelHeader) -> None:
    """Draw a run's state, owner, actions and damaged files."""
    with st.container(horizontal=True, vertical_alignment="center"):
        render_badge(header.state if header.problem is None else RunState.DAMAGED)
        if run.owner:
            st.caption(f"by {escape_name(describe_owner(run.owner))}", width="content")
        _render_actions(run, header.state)
    if header.problem is not None:
        again = " Resume writes what its worker left again." if run.is_resumable else ""
        show_error(f"This run is damaged. {header.problem}{again}", icon=":material/broken_image:")
        render_log(run, header.state)


def render_end(run: Run, state: RunState) -> None:
    """Draw the summary of a run that has ended: its message, stages and metrics."""
    status = run.load_status()
    _render_message(run, state)
    if state is RunState.FINISHED:
        render_results(run)
    else:
        st.html(draw_once(draw_values, list_latest(run, run.load_steps(), run.load_history())))
    if status is not None and status.phase_seconds:
        st.html(draw_once(draw_stages, list_stages(status, state)))


# Shared by all sessions with the same header; the one that just pressed Stop has a different one.
@cached(
    TTLCache(64, LIVE_SECONDS), key=lambda run, header: (run.path, header), condition=Condition()
)
def _read_header(run: Run, header: PanelHeader) -> PanelHeader:  # noqa: ARG001
    return PanelHeader.of(run)


def _identify(run: Run) -> tuple[Path, int, int]:
    try:
        history = (run.path / RunFile.HISTORY).stat()
    except OSError:  # before the first epoch
        return run.path, 0, 0
    return run.path, history.st_mtime_ns, history.st_size


# Read at most once per LIVE_SECONDS, shared by all sessions, since the charts are built from it; a
# new epoch is read immediately.
@cached(TTLCache(64, LIVE_SECONDS), key=_identify, condition=Condition())
def _load_curves(run: Run) -> tuple[Columns, Columns]:
    return run.load_steps(), run.load_history()


def render_log(run: Run, state: RunState) -> None:
    """Offer the log; if the run failed or was lost, show the end of it."""
    wrong = state in {RunState.FAILED, RunState.LOST}
    if st.toggle("Show the log", value=wrong, key=f"live_log_{'wrong' if wrong else 'well'}"):
        _render_lines(run, LAST_LINES if wrong else 200)


def _render_lines(run: Run, count: int) -> None:
    log = run.load_log(count) or "Nothing yet."
    st.code(log, language=None, height="content" if count <= LAST_LINES else 240)


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
        if run.recipe.network == CUSTOM:
            design = encode_design(write_as_architecture(run.recipe))
            st.page_link(
                "pages/train.py",
                label="Its layers",
                icon=":material/architecture:",
                query_params={"view": "design", PARAMETER: design},
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
    """Restore deleted runs and show the last of them; called by ``render_undo``."""
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
