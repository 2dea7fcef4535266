"""A line about the training run on every page, with a link to its Watch view."""

from __future__ import annotations

from contextlib import suppress
from threading import Condition
from typing import Final

import numpy as np
import streamlit as st
from cachetools import TTLCache, cached
from streamlit.errors import StreamlitPageNotFoundError

from fmnist import settings
from fmnist.errors import RunError
from fmnist.runs import Run, RunState, list_runs, load_summary
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.markdown import escape_name

PILL_SECONDS: Final = 5.0
"""How often the line refreshes while a run trains and few sessions watch."""

_AT_WORK: Final = {RunState.RUNNING, RunState.STOPPING}


def render_pill() -> None:
    """Draw a link to the training run; without one, draw and refresh nothing."""
    if find_run_at_work(str(settings.models_dir())) is not None:
        st.fragment(_render_link, run_every=choose_interval(PILL_SECONDS))()


# At most once a second for all sessions, because it reads every run's small files.
@cached(TTLCache(4, 1.0), condition=Condition())
def find_run_at_work(models: str) -> Run | None:  # noqa: ARG001
    """Return the newest run that trains in the models folder in use, or None.

    Args:
        models: that folder, part of the cache key.
    """
    return next((run for run in list_runs() if run.load_state() in _AT_WORK), None)


def describe_run_at_work(run: Run) -> str:
    """Return name, epoch and accuracy of a run: ``cnn-1 · epoch 3 of 12 · 91.20%``."""
    status, accuracy = run.load_status(), load_summary(run).validation_accuracy
    words = [run.run_id]
    if status is not None and status.epochs:
        words.append(f"epoch {min(status.epoch + 1, status.epochs)} of {status.epochs}")
    if accuracy is None:  # before the first epoch, that of the last batches
        batches = np.asarray(run.load_steps().get("accuracy", ()))
        accuracy = float(batches[-1]) if len(batches) else None
    if accuracy is not None:
        words.append(f"{accuracy:.2%}")
    return " · ".join(words)


def _render_link() -> None:
    run = find_run_at_work(str(settings.models_dir()))
    if run is None:  # ended since the page was drawn
        return
    try:
        words = describe_run_at_work(run)
    except RunError:  # deleted or damaged since it was found
        return
    with suppress(StreamlitPageNotFoundError):  # without the router, pages can't be linked
        st.page_link(
            "pages/train.py",
            label=escape_name(words),
            icon=":material/play_circle:",
            help="Training now: watch it.",
            query_params={"run": run.run_id},
        )
