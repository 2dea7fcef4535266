"""The confusion matrix of a run, and the items of the selected cell."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.probabilities import format_probability
from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.evaluate import Evaluation
from fmnist.evaluation.mistakes import select_cell
from fmnist.runs import Run
from fmnist.runs.classical import CLASSICAL
from fmnist.ui.shell.halves import split_matrix
from fmnist.ui.shell.page_state import UrlChoice
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.widgets.item import render_item
from fmnist.ui.widgets.items import FindImages, format_percent, render_items
from fmnist.ui.widgets.matrix import follow_cell, render_matrix, select_cell_labels, write_cell

MATRIX_KEY: Final = "evaluate_matrix"


def render_confusion(run: Run, evaluation: Evaluation, find_images: FindImages) -> None:
    """Draw the confusion matrix and, next to it, the items of the selected cell.

    The cell is selected by a click, by the two select boxes or by the URL (``cell=7-9``); the
    default is the most frequent mistake.

    Args:
        run: the run.
        evaluation: the evaluation of the run on the test set.
        find_images: called after the matrix is drawn, so that the matrix never waits for the data
            set.
    """
    choice = follow_cell("evaluate_cell", evaluation.worst_cell)
    matrix, cell = split_matrix()
    with cell:
        labels = select_cell_labels(
            choice,
            row=("True class", "evaluate_true"),
            column=("Predicted class", "evaluate_predicted"),
        )
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
            page_size=12,
        )
    render_item(run, item, images, key="evaluate_cell_item")
    if run.has_model and run.recipe.network not in CLASSICAL:
        st.page_link(
            "pages/map.py",
            label="Show these images on the map",
            icon=":material/scatter_plot:",
            query_params={"run": run.run_id, "cell": write_cell(labels)},
        )


def _render_matrix(evaluation: Evaluation, labels: tuple[int, int], choice: UrlChoice) -> None:
    numbers = "Images"
    if not is_presenting():  # the whole matrix should be visible
        numbers = st.segmented_control(
            "Numbers in the cells",
            ["Images", "Share of the true class"],
            default="Images",
            required=True,
            key="evaluate_numbers",
        )
    render_matrix(
        evaluation.counts,
        evaluation.shares,
        labels,
        choice,
        key=MATRIX_KEY,
        show_shares=numbers != "Images",
    )
    st.caption(_describe_confusion(evaluation))


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
