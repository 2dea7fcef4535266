"""Learning epoch by epoch: thirty images, the confusion matrix and the curves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.confusion import CELL_HEIGHT, MatrixWords, draw_confusion
from fmnist.charts.watched_images import draw_watched, plot_marked_curve
from fmnist.evaluation.metrics import compute_row_shares
from fmnist.runs import ACTIVE_STATES, Run, open_run
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.watch import N_WATCHED, Watch, load_watch
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.halves import split_page
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.widgets.chart import render_chart
from fmnist.ui.widgets.curves import describe_curve, explain_gap

PLAY_SECONDS: Final = 0.7
"""Seconds per epoch at speed 1."""

_BUTTON_WIDTH: Final = 104
"""In pixels, of *Play* and *Pause*: fixed, since a key's hint or a late icon would make the button
wider and move the slider beside it."""

_SPEED_WIDTH: Final = 80
"""In pixels: with it and the button, the slider fits beside them in five twelfths of a page."""

SPEEDS: Final = {"0.5×": 0.5, "1×": 1.0, "2×": 2.0, "4×": 4.0}


@dataclass
class WatchState:
    """The epoch of a run that is shown.

    Attributes:
        epoch: the value of the slider.
        newest: the last epoch at the previous rerun; a slider at that value follows an active run.
        playing: the latest epoch drawn during playback, otherwise None.
        speed: a key of ``SPEEDS``.
    """

    epoch: Field = field(default_factory=Field)
    newest: int | None = None
    playing: int | None = None
    speed: str = "1×"

    def play(self, first: int, last: int) -> None:
        """Start playback at the current epoch, or at the first if that is the last."""
        self.playing = (self.epoch.value if self.epoch.value < last else first) - 1

    def pause(self) -> None:
        """Stop playback; the slider takes over the epoch."""
        self.epoch.set(self.playing)
        self.newest = self.playing = None

    @property
    def interval(self) -> float | None:
        """Seconds between two epochs during playback, otherwise None."""
        return None if self.playing is None else PLAY_SECONDS / SPEEDS[self.speed]


def render_watch(run: Run) -> None:
    """Draw the predictions for the watched images, and the curves, of a run that has ended."""
    interval = get_state(WatchState, run.run_id).interval
    st.fragment(_render_panel, run_every=interval)(run.run_id, interval)


def _render_panel(run_id: str, interval: float | None) -> None:
    if get_state(WatchState, run_id).interval != interval:
        st.rerun()  # the page decides on the refresh interval
    with show_errors("watched images"):
        run = open_run(run_id)
        watch = load_watch(run.path)
        if watch is None:
            explain_no_watch(run)
            return
        epoch = choose_epoch(run_id, watch)
        render_images(watch, epoch)
        left, right = split_page([7, 5])
        with left:
            render_confusion(watch, epoch)
        with right:
            _render_curves(run, epoch)


def explain_no_watch(run: Run) -> None:
    """Return why a run has no record of watched images."""
    if run.recipe.network in CLASSICAL:
        st.caption("A classical model is fitted as a whole: there are no epochs to watch.")
    elif not run.recipe.validation_share:
        st.caption("This run trains on all images: none are left to watch.")
    elif run.load_state() in ACTIVE_STATES:
        st.caption(f"After each epoch, {N_WATCHED} validation images are shown here.")
    else:
        st.caption(
            "This run has no record of individual images; runs trained with this version do."
        )


def render_images(watch: Watch, epoch: int) -> None:
    """Draw the watched images with the prediction for each after an epoch."""
    at = int(np.searchsorted(watch.epochs, epoch))
    right = int(np.sum(watch.proba[at].argmax(axis=1) == watch.y_true))
    counts = watch.confusion[at].astype(np.int64)
    accuracy = np.trace(counts) / counts.sum()
    st.markdown(
        f"After epoch {epoch}: **{right} of {len(watch.rows)}** of these images correct, "
        f"**{accuracy:.2%}** of all {counts.sum():,} validation images.",
        help="✓ correct, ✗ wrong (dashed frame), with the predicted class and its probability. "
        "The bar is the probability of the true class. The images range from easy to hard, by "
        "their similarity to the mean image of their class, and are the same for all runs.",
    )
    dataset = get_data_holder().dataset
    has_data = dataset is not None and dataset.fingerprints["train"] == watch.fingerprint
    images = np.asarray(dataset.x_train[watch.rows]) if dataset and has_data else None
    st.html(draw_once(draw_watched, watch, at, images))
    if images is None:
        st.caption("The data set in use is not this run's, so no images are shown.")


def _render_curves(run: Run, epoch: int) -> None:
    steps, history = run.load_steps(), run.load_history()
    for metric in ("loss", "accuracy"):
        render_chart(
            draw_once(
                plot_marked_curve, steps, history, metric, epochs=run.recipe.epochs, epoch=epoch
            ),
            describe_curve(history, metric),
            key=f"watch_{metric}",
        )
    st.caption(
        "Blue: training, orange: validation; the dotted line is the epoch shown. "
        + explain_gap(history, run.recipe)
    )


def render_confusion(watch: Watch, epoch: int, *, cell_height: int = CELL_HEIGHT) -> None:
    """Draw the confusion matrix of the validation images after an epoch.

    Args:
        watch: the record.
        epoch: one of ``watch.epochs``.
        cell_height: in pixels.
    """
    counts = watch.confusion[int(np.searchsorted(watch.epochs, epoch))].astype(np.int64)
    words = MatrixWords(title=f"Confusion matrix after epoch {epoch}")
    with st.container(key="watch_confusion"):
        st.html(
            draw_once(
                draw_confusion,
                counts,
                compute_row_shares(counts),
                words=words,
                cell_height=cell_height,
            )
        )
    st.caption(
        f"{np.trace(counts):,} of {counts.sum():,} validation images are on the diagonal, "
        "classified correctly. See which mistakes disappear in the first epochs and which remain."
    )


def choose_epoch(run_id: str, watch: Watch) -> int:
    """Draw slider, button and speed; return the epoch to show, by default the latest.

    During playback, a progress bar replaces the slider, which would otherwise be moved by both the
    program and the browser.
    """
    first, last = int(watch.epochs[0]), int(watch.epochs[-1])
    state = get_state(WatchState, run_id)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if first == last:
            # Drawn even when idle: otherwise the second epoch would push the images down.
            st.button(
                "Play",
                icon=":material/play_arrow:",
                key="watch_idle",
                disabled=True,
                width=_BUTTON_WIDTH,
            )
            st.selectbox(
                "Speed", [state.speed], key="watch_idle_speed", width=_SPEED_WIDTH, disabled=True
            )
            st.slider("Epoch", first, first + 1, key="watch_idle_epoch", disabled=True)
            return last
        if state.playing is not None:
            epoch = state.playing = min(state.playing + 1, last)
            if epoch == last:
                state.pause()
            st.button(
                "Pause",
                icon=":material/pause:",
                key="watch_pause",
                on_click=state.pause,
                shortcut="P",
                width=_BUTTON_WIDTH,
            )
            st.progress((epoch - first) / (last - first), text=f"Epoch {epoch}")
            return epoch
        # A slider that was moved back stays there when a new epoch arrives.
        before = state.epoch.value
        follows = before is None or before == state.newest
        shown = last if follows else min(max(before, first), last)
        if shown != before:
            state.epoch.set(shown)
        state.newest = last
        st.button(
            "Play",
            icon=":material/play_arrow:",
            key="watch_play",
            on_click=state.play,
            args=(first, last),
            shortcut="P",
            width=_BUTTON_WIDTH,
        )
        state.speed = st.selectbox(
            "Speed",
            list(SPEEDS),
            list(SPEEDS).index(state.speed),
            key="watch_speed",
            width=_SPEED_WIDTH,
        )
        key = state.epoch.key(f"watch_epoch_{run_id}")
        state.epoch.value = int(st.slider("Epoch", first, last, shown, key=key))
        return int(state.epoch.value)
