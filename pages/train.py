"""Train: set up a run, and watch it learn."""

from __future__ import annotations

import streamlit as st

from fmnist.runs import ACTIVE_STATES, Run, list_all_runs, load_summary
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.run_lifecycle import render_undo
from fmnist.ui.train.design import render_design
from fmnist.ui.train.live import undo_delete
from fmnist.ui.train.queue import render_queue
from fmnist.ui.train.setup import render_setup
from fmnist.ui.train.views import DESIGN, WATCH, choose_view
from fmnist.ui.train.watch_view import render_watch_view


def order(runs: list[Run]) -> list[Run]:
    """Put active runs first, so that Watch begins with one, then the newest."""
    return sorted(runs, key=lambda run: load_summary(run).state not in ACTIVE_STATES)


with open_page(
    "Train",
    intro="Set up a run, start it, and watch it learn. It continues when you leave this page.",
):
    runs = order(list_all_runs())
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        view = choose_view(runs)
    render_undo("run", undo_delete)
    render_queue(is_busy=bool(runs) and runs[0].load_state() in ACTIVE_STATES)
    if view == WATCH:
        render_watch_view(runs, bar)
    elif view == DESIGN:
        render_design(runs)
    else:
        render_setup(runs)
