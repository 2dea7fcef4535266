"""A computation in a separate process: its start button, its progress and its result."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.runs.computation import Computation
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.run_lifecycle import act

POLL_SECONDS: Final = 1.0


def render_computation(
    computation: Computation,
    *,
    start: Callable[[], object],
    cancel: Callable[[], object],
    action: Action,
    label: str,
    key: str,
    help_text: str,
    is_complete: bool = False,
) -> None:
    """Draw the progress of a computation or, if a result is missing, the button that starts it.

    Args:
        computation: its folder.
        start: a function of ``changes`` that starts it.
        cancel: a function of ``changes`` that cancels it.
        action: the permission that both require.
        label: the label of the button.
        key: the key of the start button, and the prefix of the cancel button's key.
        help_text: the tooltip of the button: what is computed, and how long it takes.
        is_complete: whether all results are present.
    """
    if computation.is_running:
        st.fragment(_render_running, run_every=choose_interval(POLL_SECONDS))(
            computation, cancel, action, key
        )
        return
    if is_complete:
        return
    if (error := computation.load_progress().error) and computation.load_launch() is not None:
        show_error(error)
    st.button(
        label,
        icon=":material/play_arrow:",
        type="primary",
        key=key,
        on_click=partial(act, start),
        **{"help": help_text} | get_lock(action),
    )


def _render_running(
    computation: Computation, cancel: Callable[[], object], action: Action, key: str
) -> None:
    with show_errors(key):
        if not computation.is_running:
            st.rerun()
        progress = computation.load_progress()
        st.progress(progress.share, text=f"{progress.what}: {progress.share:.0%}")
        st.button(
            "Cancel",
            icon=":material/close:",
            key=f"{key}_cancel",
            on_click=partial(act, cancel),
            **get_lock(action),
        )
