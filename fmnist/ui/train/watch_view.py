"""The Watch view: one run while it trains, and epoch by epoch once it has ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist.launching import ensure_dispatcher
from fmnist.runs import ACTIVE_STATES, Run, RunState, open_run
from fmnist.runs.watch import load_watch
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.halves import split_page
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.presentation import choose_parts
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.train.curves import render_choices, render_curves
from fmnist.ui.train.live import (
    LIVE_SECONDS,
    PanelHeader,
    render_end,
    render_header,
    render_live,
    render_log,
)
from fmnist.ui.train.views import WATCH, show_view
from fmnist.ui.widgets.curves import explain_gap
from fmnist.ui.widgets.watched_images import (
    WatchState,
    choose_epoch,
    explain_no_watch,
    render_confusion,
    render_images,
)

EPOCH_SECONDS: Final = 2.0
"""How often the watched images of an active run look for a new epoch while few sessions watch."""

REASON_SECONDS: Final = 120.0
"""Time without a sign of life after which no process will record how a lost worker ended."""

IMAGES_HEIGHT: Final = 1180
"""Pixels kept for the watched images and the confusion matrix of an active run."""

CELL_HEIGHT: Final = 22
"""Height of a cell of the confusion matrix, in pixels."""

CURVES, IMAGES = "Curves", "Images"
"""The two halves of the view; a presentation shows one of them."""


def render_watch_view(runs: Sequence[Run], bar: DeltaGenerator) -> None:
    """Let the person choose a run and draw it across the full width.

    Args:
        runs: all runs, the default one first.
        bar: the row with the view selector, to which the run selector is added.
    """
    if not runs:
        st.caption("No run yet. Press “Start training” under “Set up”; its curves appear here.")
        return
    with bar:
        run = render_run_picker(runs, key="train_run", label_visibility="collapsed")
    show_view(WATCH, run.run_id)
    header = PanelHeader.of(run)
    parts = choose_parts([CURVES, IMAGES])
    if header.state in ACTIVE_STATES:
        ensure_dispatcher()
        left, right = _split(parts)
        interval, slow = choose_interval(LIVE_SECONDS), choose_interval(EPOCH_SECONDS)
        if CURVES in parts:
            with left:
                render_header(run, header)
                panel = st.container()
                style = render_choices()
                log = header.problem is None and st.toggle("Show the log", key="live_log")
                with panel:
                    live = st.fragment(render_live, run_every=interval)
                    live(run, header, interval, style, log=log)
        if IMAGES in parts:
            with right, st.container(height=IMAGES_HEIGHT, border=False):
                playing = get_state(WatchState, run.run_id).interval
                st.fragment(_render_newest, run_every=playing or slow)(run.run_id, playing)
    else:
        # One fragment for both halves, so that the epoch chosen on the right is marked on the left.
        refresh = _choose_refresh(run, header.state)
        st.fragment(_render_over, run_every=refresh)(run, refresh, parts)


def _split(parts: Sequence[str]) -> Sequence[DeltaGenerator]:
    if len(parts) == 1:
        return st.container(), st.container()
    return split_page([7, 5])


def _render_newest(run_id: str, playing: float | None) -> None:
    """Draw the watched images of an active run."""
    if get_state(WatchState, run_id).interval != playing:
        st.rerun()  # the page decides on the refresh interval
    with show_errors("watched images"):
        _render_images(open_run(run_id))


def _render_images(run: Run) -> int | None:
    """Draw the watched images after an epoch and the confusion matrix; return the epoch."""
    watch = load_watch(run.path)
    if watch is None:
        explain_no_watch(run)
        return None
    epoch = choose_epoch(run.run_id, watch)
    render_images(watch, epoch)
    render_confusion(watch, epoch, cell_height=CELL_HEIGHT)
    return epoch


def _choose_refresh(run: Run, state: RunState) -> float | None:
    """Return the refresh interval of a run that has ended: while epochs play, or at first.

    The reason why a worker was lost is known only once the dispatcher has recorded it, a moment
    later.
    """
    playing = get_state(WatchState, run.run_id).interval
    if playing is not None or state is not RunState.LOST:
        return playing
    launch = run.load_launch()
    if launch is None or launch.exit_code is not None:
        return None
    status = run.load_status()
    last_sign = launch.started if status is None else status.heartbeat
    return EPOCH_SECONDS if time.time() - last_sign < REASON_SECONDS else None


def _render_over(run: Run, refresh: float | None, parts: Sequence[str]) -> None:
    """Draw a run that has ended; meant for a fragment with the interval of ``_choose_refresh``."""
    state = run.load_state()
    # Just deleted or resumed, or playback has started or ended.
    is_other = not run.path.is_dir() or state in ACTIVE_STATES
    if is_other or _choose_refresh(run, state) != refresh:
        st.rerun()
    left, right = _split(parts)
    with left:
        top, curves, log = st.container(), st.container(), st.container()
    with top, show_errors("run"):
        header = PanelHeader.of(run)
        render_header(run, header)
        if header.problem is not None:
            return
        if CURVES in parts:
            render_end(run, state)
    epoch = None
    if IMAGES in parts:
        with right, show_errors("watched images"):
            epoch = _render_images(run)
    if CURVES not in parts:
        return
    with curves, show_errors("run"):
        style = render_choices()
        history = run.load_history()
        render_curves(run, state, run.load_steps(), history, style=style, epoch=epoch)
        if gap := explain_gap(history, run.recipe):
            st.caption(gap)
    with log:
        render_log(run, state)
