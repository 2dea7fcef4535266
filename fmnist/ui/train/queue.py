"""The queue of waiting runs: their order and owners, and buttons to change them."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from fmnist import settings
from fmnist.access.roles import Action
from fmnist.launching import (
    ensure_dispatcher,
    find_disk_trouble,
    is_queue_paused,
    list_queue,
    load_trouble,
)
from fmnist.networks import CLASSICAL_MODELS, NETWORKS
from fmnist.runs import Run
from fmnist.runs.owners import find_person
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import move_run, stop_run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.shell.session import describe_owner

QUEUE_SECONDS: Final = 2.0
"""How often the card refreshes while a run waits or trains and few sessions watch."""

SCROLL_ROWS: Final = 5
"""With more rows, the card scrolls."""


def render_queue(*, is_busy: bool) -> None:
    """Draw the waiting runs in order; nothing if no run waits.

    Args:
        is_busy: whether a run is training, so that runs started elsewhere have to wait.
    """
    waits = bool(list_queue())
    if waits:
        ensure_dispatcher()
    interval = choose_interval(QUEUE_SECONDS) if waits or is_busy else None
    st.fragment(_render_card, run_every=interval)()


def _render_card() -> None:
    with show_errors("queue"):
        waiting = list_queue()
        if waiting:
            with st.container(border=True, key="queue"):
                _render_head(len(waiting))
                tall = len(waiting) > SCROLL_ROWS
                with st.container(height=360 if tall else "content", border=False, gap="xsmall"):
                    for place, run in enumerate(waiting):
                        _render_row(run, place, len(waiting))


def _render_head(count: int) -> None:
    runs = "run" if count == 1 else "runs"
    st.markdown(f":material/hourglass_empty: **{count} {runs} waiting**")
    st.caption(f"{describe_limit()} The environment variable `FMNIST_PARALLEL` sets the limit.")
    if is_queue_paused():
        st.warning("A teacher has paused the queue: no run starts.", icon=":material/pause:")
    trouble = find_disk_trouble(settings.models_dir())
    if trouble:
        show_warning(trouble, icon=":material/hard_drive:")
    elif reason := load_trouble():
        show_warning(f"Runs can't be started now. {reason}", icon=":material/cloud_off:")


def describe_limit() -> str:
    """Return a sentence on the number of runs that train at the same time."""
    limit = settings.parallel_runs()
    if limit == 1 and settings.executor_name() == "local":
        return "One run trains at a time and has the whole machine."
    return f"Up to {limit} runs train at a time."


def _render_row(run: Run, place: int, count: int) -> None:
    network = (NETWORKS | CLASSICAL_MODELS).get(run.recipe.network)
    title = network.title if network else run.recipe.network
    person = find_person(run.owner)
    move, stop = find_reason(Action.MOVE_RUN, person), find_reason(Action.STOP_RUN, person)
    buttons = (
        ("Up", "arrow_upward", partial(act, move_run, run, -1), place == 0, move),
        ("Down", "arrow_downward", partial(act, move_run, run, 1), place == count - 1, move),
        ("First", "vertical_align_top", partial(act, move_run, run, -place), place == 0, move),
        ("Cancel", "close", partial(act, stop_run, run), False, stop),
    )
    with st.container(gap=None):
        st.markdown(
            f"{place + 1}\\. **{escape_name(run.run_id)}** · {escape_name(title)} · "
            + escape_name(describe_owner(run.owner))
        )
        with st.container(horizontal=True, gap="small"):
            for label, icon, on_click, disabled, locked in buttons:
                st.button(
                    label,
                    icon=f":material/{icon}:",
                    type="tertiary",
                    on_click=on_click,
                    disabled=disabled or bool(locked),
                    key=f"queue_{label.lower()}_{run.run_id}",
                    help=locked or f"{label}: {escape_name(run.run_id)}",
                )
