"""Progress of the search for label issues and of the networks that find doubtful labels."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.data import Dataset
from fmnist.labels.folds import EPOCHS, N_FOLDS, find_fold_runs, find_key
from fmnist.labels.search import LabelScores, LabelSearch, PixelIssues, open_label_search
from fmnist.runs import ACTIVE_STATES, RunState
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import cancel_label_search, start_fold_runs, start_label_search
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.widgets.computation import POLL_SECONDS, render_computation


def load_found(dataset: Dataset) -> tuple[PixelIssues | None, LabelScores | None]:
    """Return the results so far in a data set: by pixels, and by the five networks."""
    found = open_label_search(dataset)
    key = find_key(dataset.fingerprints["train"])
    pixels = _load_pixels(found, _stamp(found, None))
    scores = _load_scores(found, key, _stamp(found, key)) if key else None
    return pixels, scores


def _stamp(found: LabelSearch, key: str | None) -> tuple[str, int]:
    """Return what changes when a result is written, which is part of the cache's key."""
    path = found.pixels_path if key is None else found.scores_path(key)
    return str(path), path.stat().st_mtime_ns if path.exists() else 0


# Not st.cache_data, which would copy the arrays on each rerun; they are never modified.
@st.cache_resource(max_entries=2, show_spinner=False)
def _load_pixels(_found: LabelSearch, stamp: tuple[str, int]) -> PixelIssues | None:  # noqa: ARG001
    return _found.load_pixels()


@st.cache_resource(max_entries=2, show_spinner=False)
def _load_scores(
    _found: LabelSearch,
    key: str | None,
    stamp: tuple[str, int],  # noqa: ARG001
) -> LabelScores | None:
    return _found.load_scores(key)


def render_search(dataset: Dataset, *, is_complete: bool) -> None:
    """Draw the progress of the search, or the button that starts it.

    Args:
        dataset: the data set to search.
        is_complete: whether everything that can be found now was found.
    """
    found = open_label_search(dataset)
    render_computation(
        found,
        start=partial(start_label_search, found),
        cancel=partial(cancel_label_search, found),
        action=Action.CHECK_LABELS,
        label="Search",
        key="labels_search",
        help_text="Compares the pixels of all images, and scores the labels once the five networks "
        "are trained: one to two minutes on two cores.",
        is_complete=is_complete,
    )


def render_folds(dataset: Dataset) -> None:
    """Draw how many of the five networks are trained, and the button that queues the others."""
    fingerprint = dataset.fingerprints["train"]
    n_done, n_active = _count_folds(fingerprint)
    if n_done < N_FOLDS:
        st.fragment(_render_folds, run_every=choose_interval(POLL_SECONDS) if n_active else None)(
            fingerprint, is_active=n_active > 0
        )


def _count_folds(fingerprint: str) -> tuple[int, int]:
    """Return how many of the five networks are trained, and how many wait or train."""
    states = [run.load_state() if run else None for run in find_fold_runs(fingerprint)]
    return states.count(RunState.FINISHED), sum(state in ACTIVE_STATES for state in states)


def _render_folds(fingerprint: str, *, is_active: bool) -> None:
    with show_errors("labels: networks"):
        n_done, n_active = _count_folds(fingerprint)
        if is_active != (n_active > 0):  # the page starts or stops refreshing
            st.rerun()
        st.caption(
            f"Doubtful labels are found by {N_FOLDS} quick networks, each trained for {EPOCHS} "
            "epochs on four fifths of the training images and asked about the rest: about ten "
            f"minutes on two cores. {n_done} of {N_FOLDS} are trained, {n_active} wait or train."
        )
        with st.container(horizontal=True):
            if n_done + n_active < N_FOLDS:
                st.button(
                    f"Train {N_FOLDS - n_done - n_active} networks",
                    icon=":material/model_training:",
                    key="labels_folds",
                    on_click=partial(act, start_fold_runs, fingerprint),
                    **get_lock(Action.CHECK_LABELS),
                )
            if n_active:
                st.page_link(
                    "pages/train.py", label="Watch the queue", icon=":material/play_circle:"
                )
