"""The queue's pause, the limits of a student, and the log of changes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from fmnist.access.limits import LIMITS, load_limits
from fmnist.access.log import load_changes
from fmnist.access.turns import is_paused
from fmnist.launching import list_queue
from fmnist.runs import RunState, list_runs
from fmnist.ui.classroom.manage import pause_queue, set_limits
from fmnist.ui.shell.page_state import read_widget
from fmnist.ui.shell.run_lifecycle import act, attempt

_SHOWN_CHANGES: Final = 500


def render_queue() -> None:
    """Draw how many runs wait and train, and the button that pauses the queue."""
    training = sum(run.load_state() in {RunState.RUNNING, RunState.STOPPING} for run in list_runs())
    paused = is_paused()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.metric("Runs waiting", len(list_queue()), border=True, width=160)
        st.metric("Runs training", training, border=True, width=160)
        st.button(
            "Resume the queue" if paused else "Pause the queue",
            icon=":material/play_arrow:" if paused else ":material/pause:",
            key="class_pause",
            type="primary" if paused else "secondary",
            on_click=partial(act, pause_queue, paused=not paused),
            help="While it is paused, training runs continue, and no waiting run starts.",
        )
        if paused:
            st.badge("paused", color="orange", icon=":material/pause:")


def render_limits() -> None:
    """Draw the form of the limits of each student."""
    values = load_limits()
    with st.form("class_limits"):
        columns = st.columns(2)
        for number, limit in enumerate(LIMITS.values()):
            columns[number % 2].number_input(
                limit.label,
                0,
                limit.highest,
                values[limit.name],
                key=f"class_limit_{limit.name}",
                help=f"{limit.help} By default {limit.default:,}.",
            )
        st.form_submit_button(
            "Set the limits", type="primary", icon=":material/save:", on_click=_set_limits
        )
    st.caption("For each student; teachers have no limits. Active runs and studies continue.")


def render_log() -> None:
    """Draw the last changes, newest first."""
    changes = load_changes(_SHOWN_CHANGES)
    if not changes:
        st.caption("Nobody has changed anything yet.")
        return
    st.dataframe(
        [
            {
                "When": datetime.fromtimestamp(change.at, UTC),
                "Who": change.name or "a guest",
                "Role": change.role,
                "What": change.action,
                "Which": change.subject,
                "Outcome": change.outcome,
                "Why not": change.reason,
            }
            for change in changes
        ],
        hide_index=True,
        key="class_log",
        column_config={"When": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm:ss")},
    )
    st.caption(f"The last {_SHOWN_CHANGES} changes and refusals. The log only grows.")


def _set_limits() -> None:
    values = {name: int(read_widget(f"class_limit_{name}", 0)) for name in LIMITS}
    if attempt(set_limits, values):
        st.toast("The limits are set.", icon=":material/check:")
