"""The learning rate on the Train page: its schedule, and the range test that suggests a value."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

import numpy as np
import streamlit as st

from fmnist.access.roles import Action
from fmnist.charts.cache import draw_once
from fmnist.charts.lr_range import plot_range_test, plot_schedule
from fmnist.errors import FmnistError, RunError
from fmnist.launching.lr_range import is_training
from fmnist.lr_range.record import (
    RATES,
    RangeResult,
    RangeTest,
    find_running_test,
    open_range_test,
)
from fmnist.lr_range.suggestion import suggest_rate
from fmnist.runs import Recipe
from fmnist.runs.schedule import compute_rates
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import cancel_range_test, start_range_test
from fmnist.ui.shell.messages import show_error, show_warning
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.train.state import TrainForm, TrainState
from fmnist.ui.widgets.chart import render_chart

POLL_SECONDS: Final = 0.5
USUAL_IMAGES: Final = 60_000
"""Training images of Fashion-MNIST, assumed until the data are loaded."""


def count_images() -> int:
    """Return the number of training images in use, including validation images."""
    dataset = get_data_holder().dataset
    return len(dataset.y_train) if dataset is not None else USUAL_IMAGES


def render_schedule(recipe: Recipe) -> None:
    """Draw the learning rate over the steps of a run with these settings."""
    images = round(count_images() * (1 - recipe.validation_share) * recipe.train_share)
    batches = math.ceil(images / recipe.batch_size)
    rates = compute_rates(recipe.schedule, recipe.learning_rate, recipe.epochs, batches)
    sentence = (
        f"{batches * recipe.epochs:,} steps of {recipe.batch_size} images. Final learning rate "
        f"{rates[-1]:.2g}, highest {rates.max():.2g}."
    )
    render_chart(
        draw_once(plot_schedule, rates, epochs=recipe.epochs),
        f"Learning rate over {recipe.epochs} epochs. {sentence}",
        key="schedule",
    )
    st.caption(sentence)


def render_range_test(state: TrainState, form: TrainForm) -> None:
    """Offer a learning-rate range test for these settings, and show its progress or result.

    Args:
        state: the state of the page.
        form: the current settings; the suggested rate is written into them on request.
    """
    dataset = get_data_holder().dataset
    if dataset is None:
        st.caption("The learning rate can be tested once the data are loaded.")
        return
    try:
        test = open_range_test(form.recipe, dataset.fingerprints["train"])
        if state.is_range_test_requested:
            state.is_range_test_requested = False
            start_range_test(test, form.recipe)
        running = find_running_test()
        result = test.load_result()
    except FmnistError as error:
        show_error(error)
        return
    if running is not None:
        if running.key != test.key:
            st.caption("A test with settings other than those above is running.")
        st.fragment(_render_running, run_every=POLL_SECONDS)(running)
        return
    rate = None
    if result is None:
        st.caption(
            f"Trains {len(RATES)} steps at rates from {RATES[0]:g} to {RATES[-1]:g} with the "
            "settings above and suggests a rate. Takes less than a minute."
        )
    elif result.state == "failed":
        show_error(result.error)
    else:
        rate = _render_result(result)
    if is_training():
        st.caption(
            ":material/hourglass: A run is training, so the test and the run will be slower."
        )
    with st.container(horizontal=True):
        if rate is not None:
            st.button(
                "Use this rate",
                icon=":material/check:",
                key="range_use",
                on_click=form.set,
                args=("learning_rate", rate),
            )
        st.button(
            "Test learning rates" if result is None else "Test again",
            icon=":material/troubleshoot:",
            key="range_start",
            on_click=state.request_range_test,
            **get_lock(Action.START_RANGE_TEST),
        )


def _render_running(test: RangeTest) -> None:
    """Draw the progress of a test; rerun the page when it ends."""
    try:
        result = test.load_result()
    except FmnistError:  # cancelled in another tab while it was read
        result = None
    if result is None or result.state != "running":
        st.rerun()
    done = len(result.rates)
    text = (
        f"Testing rates: {done} of {len(RATES)}"
        if done
        else "Starting the test: loading TensorFlow takes a few seconds"
    )
    st.progress(done / len(RATES), text=text)
    if done:
        _render_chart(result)
    st.button(
        "Cancel the test",
        icon=":material/close:",
        key="range_cancel",
        on_click=partial(act, cancel_range_test, test),
        **get_lock(Action.CANCEL_RANGE_TEST, test.owner),
    )


def _render_result(result: RangeResult) -> float | None:
    """Draw the result of a test and return the suggested rate."""
    try:
        suggestion = suggest_rate(np.array(result.rates), np.array(result.losses))
    except RunError as error:
        _render_chart(result)
        show_warning(error, icon=":material/help:")
        return None
    render_chart(
        draw_once(plot_range_test, np.array(result.rates), np.array(result.losses), suggestion),
        f"Loss by learning rate; {suggestion.rate:g} is suggested. {suggestion.reason}",
        key="range_chart",
    )
    st.caption(
        f"**{suggestion.rate:g} is suggested** (diamond). {suggestion.reason} Shaded: rates "
        f"worth trying, {suggestion.low:.1g} to {suggestion.high:.1g}. Thin line: the loss of each "
        f"of {len(result.rates)} batches; thick line: smoothed."
    )
    return suggestion.rate


def _render_chart(result: RangeResult) -> None:
    rates, losses = np.array(result.rates), np.array(result.losses)
    render_chart(
        draw_once(plot_range_test, rates, losses),
        f"Loss by learning rate: {losses[-1]:.2f} at {rates[-1]:.2g}, the last rate tried",
        key="range_chart",
        table=False,  # drawn twice a second while the test runs
    )
