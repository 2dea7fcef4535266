"""The confusion matrix of a run, and the items of the chosen cell."""

from __future__ import annotations

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.confusion import plot_confusion
from fmnist.charts.probabilities import format_probability
from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.evaluation.evaluate import Evaluation
from fmnist.evaluation.mistakes import select_cell
from fmnist.runs import Run
from fmnist.ui.evaluate.items import (
    FindImages,
    format_percent,
    render_item,
    render_items,
    select_class,
)
from fmnist.ui.shell.markdown import shorten
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import UrlChoice, get_state, read_widget
from fmnist.ui.shell.url import read_parameter

MATRIX_KEY: Final = "evaluate_matrix"

CELLS: Final = [f"{row}-{column}" for row in range(N_CLASSES) for column in range(N_CLASSES)]
"""The cells of the confusion matrix as the URL writes them: ``7-9`` is true 7, predicted 9."""


def render_confusion(run: Run, evaluation: Evaluation, find_images: FindImages) -> None:
    """Draw the confusion matrix and, beside it, the items of the chosen cell.

    The cell is chosen by a click, by the two select boxes or by the URL (``cell=7-9``); the most
    frequent mistake is the default.

    Args:
        run: the run.
        evaluation: of the run on the test set.
        find_images: called once the matrix is drawn, so that it never waits for the data set.
    """
    asked = read_parameter("cell")
    if asked is not None and asked not in CELLS:
        show_warning(
            f"“{shorten(asked)}” is not a cell, so another one is shown. A cell is written as the "
            "true and the predicted label, 0 to 9 each, such as 6-0."
        )
    worst = "-".join(map(str, evaluation.worst_cell))
    choice = get_state(UrlChoice, "evaluate_cell")
    choice.follow("cell", [worst, *CELLS])
    matrix, cell = st.columns([4, 3], gap="medium")
    with cell:
        with st.container(horizontal=True):
            labels = _select_cell(choice)
        choice.write("cell", "-".join(map(str, labels)))
    with matrix:
        _render_matrix(evaluation, labels, choice)
    with cell:
        items = select_cell(evaluation.items, *labels)
        st.markdown(_describe_cell(evaluation, *labels))
        if items.empty:
            st.caption("No image falls into this cell. Choose another one.")
            return
        st.caption("Most confident first; the number is the confidence.")
        images = find_images()
        item = render_items(
            items,
            images,
            captions=_list_confidences,
            key=f"evaluate_cell_{labels[0]}_{labels[1]}",
            columns=4,
            page_size=12,
        )
    render_item(run, item, images, key="evaluate_cell_item")


def _select_cell(choice: UrlChoice) -> tuple[int, int]:
    """Draw the two select boxes and return the chosen true and predicted label."""
    true_label, predicted_label = map(int, choice.value.split("-"))
    return (
        select_class("True class", choice.key("evaluate_true"), index=true_label),
        select_class("Predicted class", choice.key("evaluate_predicted"), index=predicted_label),
    )


def _render_matrix(evaluation: Evaluation, labels: tuple[int, int], choice: UrlChoice) -> None:
    numbers = st.segmented_control(
        "Numbers in the cells",
        ["Images", "Share of the true class"],
        default="Images",
        required=True,
        key="evaluate_numbers",
    )
    st.plotly_chart(
        draw_once(
            plot_confusion,
            evaluation.counts,
            evaluation.shares,
            show_shares=numbers != "Images",
            selected=labels,
            text_color=st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"),
        ),
        key=MATRIX_KEY,
        on_select=partial(_take_click, choice),
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Confusion matrix of the test set",
    )
    st.caption(_describe_confusion(evaluation))


def _take_click(choice: UrlChoice) -> None:
    points = read_widget(MATRIX_KEY).selection.points
    if points:
        true_label, predicted_label = points[0]["customdata"][:2]
        choice.set(f"{int(true_label)}-{int(predicted_label)}")


def _list_confidences(shown: pd.DataFrame) -> list[str]:
    return [format_probability(p) for p in shown["confidence"]]


def _describe_cell(evaluation: Evaluation, true_label: int, predicted_label: int) -> str:
    correct = true_label == predicted_label
    result = "correctly" if correct else f"as {CLASS_NAMES[predicted_label]}"
    count = evaluation.counts[true_label, predicted_label]
    share = format_percent(evaluation.shares[true_label, predicted_label])
    return (
        f"**{CLASS_NAMES[true_label]} classified {result}: {count:,} images**, {share} of the class"
    )


def _describe_confusion(evaluation: Evaluation) -> str:
    true_label, predicted_label = evaluation.worst_cell
    count = evaluation.counts[true_label, predicted_label]
    if true_label == predicted_label:
        return "All images are on the diagonal: the run made no mistake."
    return (
        "Click a cell to see its images. Blue cells are correct, orange ones are mistakes; a "
        f"stronger colour means more images. The most frequent mistake: {CLASS_NAMES[true_label]} "
        f"classified as {CLASS_NAMES[predicted_label]}, {count:,} of "
        f"{evaluation.counts[true_label].sum():,} images; the reverse occurs "
        f"{evaluation.counts[predicted_label, true_label]:,} times."
    )
