"""The views of the Evaluate page: confusion, classes, confidence, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.confusion import plot_confusion
from fmnist.charts.evaluate import plot_class_scores, plot_reliability
from fmnist.charts.probabilities import format_probability
from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.evaluation import ORDERS, Evaluation, select_cell, select_mistakes
from fmnist.ui.evaluate.items import Images, format_percent, render_item, render_items

FindImages = Callable[[], Images | None]

ANY_CLASS: Final = -1
"""What the class filters hold when they let every class through."""

MATRIX_KEY: Final = "evaluate_matrix"
TRUE_KEY: Final = "evaluate_true"
PREDICTED_KEY: Final = "evaluate_predicted"


def parse_cell(text: str | None) -> tuple[int, int] | None:
    """Read a cell of the confusion matrix from the URL: ``7-9`` is true 7, predicted 9."""
    labels = (text or "").split("-")
    if len(labels) != 2 or not all(len(label) == 1 and label in "0123456789" for label in labels):
        return None
    return int(labels[0]), int(labels[1])


def render_confusion(evaluation: Evaluation, find_images: FindImages) -> None:
    """Draw the confusion matrix and, beside it, the items of the chosen cell.

    The cell comes from a click, the two select boxes or the URL (``cell=7-9``); without any, it
    is the most frequent mistake.

    Args:
        evaluation: of the run on the test set.
        find_images: called once the matrix stands, so that it never waits for the data set.
    """
    asked = st.query_params.get("cell")
    in_url = parse_cell(asked)
    if asked is not None and in_url is None:
        st.warning(f"“{asked}” is no cell: write two labels 0 to 9, such as 6-0. Shown is another.")
    at_first = in_url or evaluation.worst_cell
    true_label = int(st.session_state.setdefault(TRUE_KEY, at_first[0]))
    predicted_label = int(st.session_state.setdefault(PREDICTED_KEY, at_first[1]))
    st.query_params["cell"] = f"{true_label}-{predicted_label}"
    matrix, cell = st.columns([4, 3], gap="medium")
    with matrix:
        numbers = st.segmented_control(
            "Numbers in the cells",
            ["Images", "Share of the true class"],
            default="Images",
            required=True,
            key="evaluate_numbers",
        )
        st.plotly_chart(
            plot_confusion(
                evaluation.counts,
                evaluation.shares,
                show_shares=numbers != "Images",
                selected=(true_label, predicted_label),
                text_color=st.get_option(f"theme.{st.context.theme.type or 'light'}.textColor"),
            ),
            key=MATRIX_KEY,
            on_select=_take_click,
            selection_mode="points",
            config={"displayModeBar": False},
            alt="Confusion matrix of the test set",
        )
        st.caption(_describe_confusion(evaluation))
    with cell:
        with st.container(horizontal=True):
            _select_class("True class", TRUE_KEY)
            _select_class("Predicted class", PREDICTED_KEY)
        items = select_cell(evaluation.items, true_label, predicted_label)
        st.markdown(_describe_cell(evaluation, true_label, predicted_label))
        if items.empty:
            st.caption("No image falls into this cell. Choose another one.")
            return
        st.caption("The most confident answers come first; the number is the confidence.")
        images = find_images()
        item = render_items(
            items,
            images,
            captions=_list_confidences,
            key=f"evaluate_cell_{true_label}_{predicted_label}",
            columns=4,
            page_size=12,
        )
    render_item(item, images, key="evaluate_cell_item")


def _take_click() -> None:
    points = st.session_state[MATRIX_KEY].selection.points
    if points:
        true_label, predicted_label = points[0]["customdata"][:2]
        st.session_state[TRUE_KEY] = int(true_label)
        st.session_state[PREDICTED_KEY] = int(predicted_label)


def _select_class(label: str, key: str, *, with_any: bool = False) -> int:
    options = [*([ANY_CLASS] if with_any else []), *range(N_CLASSES)]
    chosen: int = st.selectbox(
        label, options, format_func=lambda k: "Any" if k == ANY_CLASS else CLASS_NAMES[k], key=key
    )
    return chosen


def _list_confidences(shown: pd.DataFrame) -> list[str]:
    return [format_probability(p) for p in shown["confidence"]]


def _list_answers(shown: pd.DataFrame) -> list[str]:
    return [f"as {name}" for name in shown["predicted_class"]]


def _describe_cell(evaluation: Evaluation, true_label: int, predicted_label: int) -> str:
    correct = true_label == predicted_label
    answer = "recognised" if correct else f"taken for {CLASS_NAMES[predicted_label]}"
    count = evaluation.counts[true_label, predicted_label]
    share = format_percent(evaluation.shares[true_label, predicted_label])
    return f"**{CLASS_NAMES[true_label]} {answer}: {count:,} images**, {share} of the class"


def _describe_confusion(evaluation: Evaluation) -> str:
    true_label, predicted_label = evaluation.worst_cell
    count = evaluation.counts[true_label, predicted_label]
    if true_label == predicted_label:
        return "Every image is on the diagonal: the run made no mistake."
    return (
        "Click a cell to see its images. Blue is right, orange is wrong, each the stronger the "
        f"more images. The most frequent mistake: {CLASS_NAMES[true_label]} taken for "
        f"{CLASS_NAMES[predicted_label]}, {count:,} of {evaluation.counts[true_label].sum():,} "
        f"images; the other way round it is {evaluation.counts[predicted_label, true_label]:,}."
    )


def render_classes(evaluation: Evaluation) -> None:
    """Draw precision, recall, F1 and support of each class, as a chart and as a table."""
    classes = evaluation.classes
    st.plotly_chart(plot_class_scores(classes), key="evaluate_classes")
    scored = classes.dropna(subset="f1").sort_values("f1")
    hardest, easiest = scored.iloc[0], scored.iloc[-1]
    st.caption(
        f"Hardest is {hardest.name}, F1 {format_percent(hardest['f1'])}; easiest {easiest.name}, "
        f"{format_percent(easiest['f1'])}. Precision: of the images given to the class, how many "
        "belong there. Recall: of the images of the class, how many were found."
    )
    scores = ["precision", "recall", "f1"]
    table = classes.assign(**{name: 100 * classes[name] for name in scores})
    st.dataframe(
        table,
        column_config={
            "class": "Class",
            **{
                name: st.column_config.ProgressColumn(
                    name.capitalize(), format="%.1f%%", min_value=0, max_value=100
                )
                for name in scores
            },
            "support": st.column_config.NumberColumn("Support (images)", format="localized"),
            "predicted": st.column_config.NumberColumn("Predicted (images)", format="localized"),
        },
    )


def render_confidence(evaluation: Evaluation) -> None:
    """Draw how far the run's confidence can be believed."""
    reliability, summary = evaluation.reliability, evaluation.summary
    st.plotly_chart(plot_reliability(reliability), key="evaluate_reliability")
    confidence = evaluation.items["confidence"].mean()
    gap = confidence - summary.accuracy
    manner = (
        "more confident than it is right" if gap > 0 else "more often right than it is confident"
    )
    st.caption(
        f"On average the run is {format_percent(confidence)} confident and "
        f"{format_percent(summary.accuracy)} right: "
        f"{abs(gap) * 100:.1f} points {manner}. Below the dashed line it claims too much; a larger "
        "point stands for more images. The points lie "
        f"{summary.calibration_error * 100:.1f} percentage points off the line on average (the "
        f"expected calibration error). Log loss {summary.log_loss:.3f}."
    )


def render_mistakes(evaluation: Evaluation, find_images: FindImages) -> None:
    """Draw the wrongly judged items, filtered, ranked and paged, and the chosen one beside them.

    Args:
        evaluation: of the run on the test set.
        find_images: called once the number of mistakes stands.
    """
    with st.container(horizontal=True):
        true_label = _select_class("True class", "evaluate_filter_true", with_any=True)
        predicted_label = _select_class(
            "Predicted class", "evaluate_filter_predicted", with_any=True
        )
        order = st.selectbox("Order", list(ORDERS), key="evaluate_order")
    mistakes = select_mistakes(
        evaluation.items,
        true_label=None if true_label == ANY_CLASS else true_label,
        predicted_label=None if predicted_label == ANY_CLASS else predicted_label,
        order=order,
    )
    if mistakes.empty:
        st.caption("No mistake fits these filters. Set one of them to “Any”.")
        return
    sure = int((mistakes["confidence"] >= 0.9).sum())
    st.markdown(
        f"**{len(mistakes):,} mistakes**, {sure:,} of them made with a confidence of 90% or more"
    )
    images = find_images()
    sheet, detail = st.columns([4, 3], gap="medium")
    with sheet:
        item = render_items(
            mistakes,
            images,
            captions=_list_answers,
            key=f"evaluate_mistakes_{true_label}_{predicted_label}_{list(ORDERS).index(order)}",
            columns=5,
            page_size=20,
        )
    with detail:
        render_item(item, images, key="evaluate_mistake_item")
