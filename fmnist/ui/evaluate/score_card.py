"""The score card of a run: its accuracy, with and without copies, among published results."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.score_card import plot_published
from fmnist.errors import RunError
from fmnist.evaluation.score_card import HUMAN, PUBLISHED, ScoreCard, compute_score_card
from fmnist.labels.near_copies import find_leaked_rows
from fmnist.labels.search import open_label_search
from fmnist.runs import Report, Run
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.widgets.chart import render_chart
from fmnist.ui.widgets.items import format_percent


def render_score_card(run: Run, report: Report, fingerprint: str) -> None:
    """Draw a run's accuracy with its interval, next to leaks, human accuracy and published results.

    Args:
        run: the run.
        report: its report.
        fingerprint: the fingerprint of the test set that it was tested on.
    """
    predictions = run.load_predictions()
    if predictions is None:
        raise RunError(f"{run.run_id} kept no predictions. Train it again to evaluate it.")
    copies = _find_copies(fingerprint)
    card = compute_score_card(predictions.test_true, predictions.test_proba, copies)
    _render_figures(card)
    if report.data_name == "demo set":
        st.caption("Published results are for Fashion-MNIST: they say nothing about the demo set.")
        return
    summary = card.all
    sentence = _describe_place(run, card)
    render_chart(
        draw_once(
            plot_published,
            [(one.name, one.accuracy, one.source) for one in PUBLISHED],
            run.run_id,
            (summary.accuracy, summary.accuracy_low, summary.accuracy_high),
        ),
        f"Test accuracy of this run among published results. {sentence}",
        key="evaluate_published",
    )
    st.caption(sentence)
    with st.expander("What to know before comparing"):
        for caveat in dict.fromkeys(f"**{one.source}**: {one.caveat}" for one in PUBLISHED):
            st.markdown(f"- {caveat}")
        st.markdown(
            f"- **This run**: trained on {report.n_train:,} images, {report.n_validation:,} kept "
            "for validation, tested once. No published result has an interval; each of them has "
            "one as wide."
        )


def _render_figures(card: ScoreCard) -> None:
    summary, without = card.all, card.without_copies
    figures = [(HUMAN.name, HUMAN.accuracy, "no experts, 1,000 images")]
    if without is not None:
        note = f"without {card.n_copies:,} of {summary.n_items:,} images"
        figures.insert(0, ("Without near copies", without.accuracy, note))
    with st.container(horizontal=True):
        for label, accuracy, note in figures:
            st.metric(
                label,
                format_percent(accuracy, 2),
                note,
                delta_color="off",
                delta_arrow="off",
                border=True,
            )
    if without is None:
        st.caption(
            "Which test images have a near copy in the training set is known once *Labels* has "
            "searched for them."
        )
        st.page_link("pages/labels.py", label="Search for copies", icon=":material/label:")


def _describe_place(run: Run, card: ScoreCard) -> str:
    within = f", {len(card.within)} within its interval" if card.within else ""
    return (
        f"Of {len(PUBLISHED)} published results, {len(card.below)} are below "
        f"{escape_name(run.run_id)}{within} and {len(card.above)} above. This test set does not "
        "distinguish the run from results within the interval (shaded). Blue: hysts' tables; "
        "grey: Zalando's list."
    )


def _find_copies(fingerprint: str) -> npt.NDArray[np.int64] | None:
    """Return the rows of the test images with a near copy; None if unknown."""
    dataset = get_data_holder().dataset
    if dataset is None or dataset.fingerprints["test"] != fingerprint:
        return None
    pixels = open_label_search(dataset).load_pixels()
    return None if pixels is None else find_leaked_rows(pixels.copies, len(dataset.y_train))
