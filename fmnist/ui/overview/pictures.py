"""The top of the Overview page: images of the data, and the best run so far."""

from __future__ import annotations

from threading import Lock
from typing import Final

import streamlit as st
from cachetools import LRUCache, cached

from fmnist.charts.mosaic import build_mosaic, frame_mosaic
from fmnist.classes import CLASS_NAMES
from fmnist.comparison import choose_best
from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.evaluation.metrics import (
    Confusion,
    compute_confusion,
    compute_wilson_interval,
    find_confusions,
)
from fmnist.explore.samples import choose_samples
from fmnist.runs import Run
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.picture_links import add_picture
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.shell.summaries import load_summaries

_ROWS: Final = 4
_IMAGES: Final = 192  # as many as a window of 1920 pixels shows
_CONFUSIONS: Final = 3


def render_mosaic() -> None:
    """Draw some training images in random order, once the data are loaded."""
    dataset = get_data_holder().dataset
    if dataset is not None:
        address = add_picture(_build_mosaic(dataset))
        text = f"Some of the {len(dataset.y_train):,} training images."
        st.html(frame_mosaic(address, _ROWS, text=text))


# Cached by data set: choosing from 60,000 labels and hashing the images takes time.
@cached(LRUCache(2), key=lambda dataset: dataset.fingerprints["train"], lock=Lock())
def _build_mosaic(dataset: Dataset) -> bytes:
    page = choose_samples(dataset.y_train, label=None, seed=1, count=_IMAGES, page=1)
    return build_mosaic(dataset.x_train[page.rows - 1], _ROWS)


def render_best(runs: list[Run]) -> None:
    """Draw the best run and the classes that it confuses most; nothing before a run is finished."""
    best = choose_best(load_summaries(runs))
    if best is None or best.report is None:
        return
    report, run = best.report, best.run
    accuracy, n_test = report.test["accuracy"], report.n_test
    low, high = compute_wilson_interval(round(accuracy * n_test), n_test)
    data = "the demo test set" if best.is_demo else "the test set"
    with st.container(border=True, key="overview_best"):
        st.markdown(
            f"**Best on validation so far: {escape_name(run.run_id)}.** It classifies "
            f"**{accuracy:.2%}** of {data} correctly (95% interval {low:.2%} to {high:.2%})."
        )
        try:
            confusions = _find_confusions(run, str(run.path), report.created)
        except RunError:  # Evaluate says why; this card works without it
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Still confused:", width="content")
            for true, predicted, n_items in confusions:
                st.page_link(
                    "pages/evaluate.py",
                    label=f"{CLASS_NAMES[true]} taken for {CLASS_NAMES[predicted]} ({n_items:,})",
                    query_params={"run": run.run_id, "cell": f"{true}-{predicted}"},
                    width="content",
                )


@st.cache_resource(max_entries=8, show_spinner=False)
def _find_confusions(_run: Run, path: str, created: str) -> list[Confusion]:  # noqa: ARG001
    predictions = _run.load_predictions()
    if predictions is None:
        return []
    counts = compute_confusion(predictions.test_true, predictions.test_proba.argmax(axis=1))
    return find_confusions(counts, _CONFUSIONS)
