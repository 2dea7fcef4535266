"""The other views of the Evaluate page: classes and mistakes."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.evaluate import plot_class_scores
from fmnist.evaluation.evaluate import Evaluation
from fmnist.evaluation.mistakes import ORDERS, select_mistakes
from fmnist.runs import Run
from fmnist.ui.shell.halves import split_page
from fmnist.ui.widgets.chart import render_chart
from fmnist.ui.widgets.item import render_item
from fmnist.ui.widgets.items import (
    ANY_CLASS,
    FindImages,
    format_percent,
    render_items,
    select_class,
)


def _list_predictions(shown: pd.DataFrame) -> list[str]:
    return [f"as {name}" for name in shown["predicted_class"]]


def render_classes(evaluation: Evaluation) -> None:
    """Draw precision, recall, F1 and support of each class, as a chart and a table."""
    classes = evaluation.classes
    scored = classes.dropna(subset="f1").sort_values("f1")
    hardest, easiest = scored.iloc[0], scored.iloc[-1]
    sentence = (
        f"Lowest F1: {hardest.name}, {format_percent(hardest['f1'])}; highest: {easiest.name}, "
        f"{format_percent(easiest['f1'])}."
    )
    render_chart(
        draw_once(plot_class_scores, classes), sentence, key="evaluate_classes", table=False
    )
    st.caption(
        f"{sentence} Precision is the share of the images classified as the class that belong to "
        "it; recall is the share of the class's images classified as it."
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


def render_mistakes(run: Run, evaluation: Evaluation, find_images: FindImages) -> None:
    """Draw the misclassified items, filtered, sorted and paged, next to the selected one.

    Args:
        run: the run.
        evaluation: the evaluation of the run on the test set.
        find_images: called after the number of mistakes is drawn.
    """
    with st.container(horizontal=True):
        true_label = select_class("True class", "evaluate_filter_true", with_any=True)
        predicted_label = select_class(
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
        st.caption("No mistake passes these filters. Set one of them to “Any”.")
        return
    sure = int((mistakes["confidence"] >= 0.9).sum())
    st.markdown(
        f"**{len(mistakes):,} mistakes**, {sure:,} of them with a confidence of 90% or more"
    )
    images = find_images()
    sheet, detail = split_page([4, 3])
    with sheet:
        item = render_items(
            mistakes,
            images,
            captions=_list_predictions,
            key=f"evaluate_mistakes_{true_label}_{predicted_label}_{list(ORDERS).index(order)}",
            page_size=20,
        )
    with detail:
        render_item(run, item, images, key="evaluate_mistake_item")
