"""Watch it learn: thirty items, the confusion matrix and the curves, epoch by epoch."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.confusion import plot_confusion
from fmnist.charts.watch import draw_watched, plot_marked_curve
from fmnist.runs import ACTIVE_STATES, Run, open_run
from fmnist.runs.watch import N_WATCHED, Watch, load_watch
from fmnist.ui.shell.frame import tell_errors
from fmnist.ui.shell.resources import get_data_holder

PLAY_SECONDS: Final = 0.7
LIVE_SECONDS: Final = 2.0
"""How often an active run is asked for a new epoch."""

CONFUSION_HEIGHT: Final = 520
_PLAYING: Final = "watch_playing"
_SEEN: Final = "watch_seen"


def render_watch(run: Run) -> None:
    """Draw what a run said about the watched items; of an active run always the newest epoch."""
    playing = _is_playing(run.run_id)
    every = LIVE_SECONDS if run.load_state() in ACTIVE_STATES else None
    panel = st.fragment(_render_panel, run_every=PLAY_SECONDS if playing else every)
    panel(run.run_id, playing)


def _is_playing(run_id: str) -> bool:
    return bool(st.session_state.get(_PLAYING, ("", 0))[0] == run_id)


def _render_panel(run_id: str, was_playing: bool) -> None:
    if _is_playing(run_id) != was_playing:
        st.rerun()  # how often the panel is drawn is decided by the page
    with tell_errors("watched images"):
        run = open_run(run_id)
        watch = load_watch(run.path)
        if watch is not None:
            _render_epoch(run, watch)
        elif run.load_state() in ACTIVE_STATES:
            st.caption(f"After each epoch, {N_WATCHED} validation images are shown here.")
        else:
            st.caption(
                "This run kept no record of single images. Runs that are trained from now on do."
            )


def _render_epoch(run: Run, watch: Watch) -> None:
    epoch = _choose_epoch(run.run_id, int(watch.epochs[0]), int(watch.epochs[-1]))
    at = int(np.searchsorted(watch.epochs, epoch))
    right = int(np.sum(watch.proba[at].argmax(axis=1) == watch.y_true))
    counts = watch.confusion[at].astype(np.int64)
    accuracy = np.trace(counts) / counts.sum()
    st.markdown(
        f"After epoch {epoch}: **{right} of {len(watch.rows)}** of these images right, "
        f"**{accuracy:.2%}** of all {counts.sum():,} validation images."
    )
    dataset = get_data_holder().dataset
    has_data = dataset is not None and dataset.fingerprints["train"] == watch.fingerprint
    images = np.asarray(dataset.x_train[watch.rows]) if dataset and has_data else None
    st.html(draw_watched(watch, at, images))
    if images is None:
        st.caption("The data set in use is not the one of this run, so there are no pictures.")
    st.caption(
        "✓ right, ✗ wrong (dashed frame), with the class named and how sure the network is. The "
        "bar is the probability of the true class. How hard an image is, is told by its "
        "likeness to the mean of its class, so that all runs are asked the same."
    )
    left, right_column = st.columns([7, 5])
    with left:
        _render_confusion(counts)
    steps, history = run.load_steps(), run.load_history()
    for metric in ("loss", "accuracy"):
        right_column.plotly_chart(
            plot_marked_curve(steps, history, metric, epochs=run.recipe.epochs, epoch=epoch),
            key=f"watch_{metric}",
            config={"displayModeBar": False},
        )
    right_column.caption("Blue: training, orange: validation; the dotted line is the epoch shown.")


def _render_confusion(counts: NDArray[np.int64]) -> None:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = plot_confusion(
        counts,
        shares,
        show_shares=False,
        text_color=st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"),
    )
    st.plotly_chart(
        figure.update_layout(height=CONFUSION_HEIGHT, clickmode="event", uirevision="watch"),
        key="watch_confusion",
        config={"displayModeBar": False},
        alt="Confusion matrix of the validation images",
    )
    st.caption(
        "Validation images by true and predicted class. Watch which mistakes vanish in the first "
        "epochs and which stay."
    )


def _choose_epoch(run_id: str, first: int, last: int) -> int:
    """Draw slider and button and return the epoch to show: of a run at work the newest.

    While playing, a bar stands in the slider's place: a slider that the program moves and the
    browser sends back at the same time would go astray.
    """
    state, key = st.session_state, f"watch_epoch_{run_id}"
    if first == last:
        return last
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if _is_playing(run_id):
            epoch = min(int(state[_PLAYING][1]) + 1, last)
            state[_PLAYING] = (run_id, epoch)
            if epoch == last:
                _pause(key)
            st.button("Pause", icon=":material/pause:", key="watch_pause", on_click=_pause,
                      args=(key,))  # fmt: skip
            st.progress((epoch - first) / (last - first), text=f"Epoch {epoch}")
            return epoch
        # Who moved the slider back stays there when a new epoch comes.
        follows = key not in state or state.get(_SEEN) == (run_id, state[key])
        state[key] = last if follows else min(max(state[key], first), last)
        state[_SEEN] = (run_id, last)
        start = state[key] if state[key] < last else first
        st.button("Play", icon=":material/play_arrow:", key="watch_play", on_click=_play,
                  args=(run_id, start))  # fmt: skip
        return int(st.slider("Epoch", first, last, key=key))


def _play(run_id: str, epoch: int) -> None:
    """Begin to play; each drawing goes one epoch further."""
    st.session_state[_PLAYING] = (run_id, epoch - 1)


def _pause(key: str) -> None:
    """End playing; the slider takes over where it was."""
    _, st.session_state[key] = st.session_state.pop(_PLAYING)
    st.session_state.pop(_SEEN, None)
