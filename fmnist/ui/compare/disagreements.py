"""The matrix of the predictions of two runs for the same items, and the items of a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.charts.confusion import MatrixWords
from fmnist.classes import CLASS_NAMES
from fmnist.comparison.pair import RunPair
from fmnist.evaluation.metrics import compute_confusion, compute_row_shares, find_confusions
from fmnist.ui.shell.halves import split_matrix
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.items import find_images, render_items
from fmnist.ui.widgets.matrix import follow_cell, render_matrix, select_cell_labels

_OUTCOMES: Final[dict[str, Callable[[pd.DataFrame], pd.Series[bool]]]] = {
    "All": lambda items: items["label_a"] >= 0,
    "Fixed by B": lambda items: items["right_b"] & ~items["right_a"],
    "Broken by B": lambda items: items["right_a"] & ~items["right_b"],
    "Both wrong": lambda items: ~items["right_a"] & ~items["right_b"],
}

_WORDS: Final = MatrixWords(
    title="Predictions of A and B",
    row="Predicted by A",
    column="Predicted by B",
    cell="A: {row}, B: {column}",
    whole="those that A predicts so",
)


def render_disagreements(pair: RunPair) -> None:
    """Draw the matrix of both predictions, and the items of the selected cell next to it."""
    outcome = render_choice("Images", list(_OUTCOMES), key="outcome")
    items = pair.items
    items = items[_OUTCOMES[outcome](items)]
    if items.empty:
        st.caption("No image has this outcome. Choose another one.")
        return
    counts = compute_confusion(items["label_a"].to_numpy(), items["label_b"].to_numpy())
    fullest = find_confusions(counts, 1)
    default = (fullest[0].true, fullest[0].predicted) if fullest else (0, 0)
    choice = follow_cell(f"compare_cell_{outcome}", default)
    matrix, cell = split_matrix()
    with cell:
        labels = select_cell_labels(
            choice,
            row=("Predicted by A", f"compare_row_{outcome}"),
            column=("Predicted by B", f"compare_column_{outcome}"),
        )
    with matrix:
        render_matrix(
            counts,
            compute_row_shares(counts),
            labels,
            choice,
            key="compare_matrix",
            words=_WORDS,
        )
        st.caption(_describe_matrix(pair, len(items), outcome) + " Click a cell to see its images.")
    with cell:
        _render_cell(pair, items, labels, key=f"compare_{outcome}_{labels[0]}_{labels[1]}")


def _render_cell(pair: RunPair, items: pd.DataFrame, labels: tuple[int, int], *, key: str) -> None:
    inside = items[(items["label_a"] == labels[0]) & (items["label_b"] == labels[1])]
    name_a, name_b = (CLASS_NAMES[label] for label in labels)
    st.markdown(f"**A: {name_a}, B: {name_b}: {len(inside):,} images**")
    if inside.empty:
        st.caption("No image falls into this cell. Choose another one.")
        return
    st.caption("The true class is below each image; B's most confident answers come first.")
    ranked = inside.sort_values(["confidence_b", "index"], ascending=[False, True])
    chosen = render_items(
        ranked.assign(
            true_class=[CLASS_NAMES[label] for label in ranked["true_label"]],
            predicted_class=name_b,
            confidence=ranked["confidence_b"],
        ),
        find_images(pair.a.predictions.test_fingerprint, pair.a.report),
        captions=lambda shown: list(shown["true_class"]),
        key=key,
        page_size=12,
    ).iloc[0]
    st.markdown(
        f"Test image {chosen['index']:,}, true class {chosen['true_class']}. "
        f"A: {name_a}, {chosen['confidence_a']:.1%}; B: {name_b}, {chosen['confidence_b']:.1%}."
    )
    with st.container(horizontal=True):
        for label, run in (("A", pair.a), ("B", pair.b)):
            st.page_link(
                "pages/evaluate.py",
                label=f"This cell of {label}, {escape_name(run.run_id)}",
                icon=":material/fact_check:",
                query_params={
                    "run": run.run_id,
                    "cell": f"{chosen['true_label']}-{labels[0] if label == 'A' else labels[1]}",
                },
                width="content",
            )


def _describe_matrix(pair: RunPair, n_items: int, outcome: str) -> str:
    differing = int(pair.agreement.sum() - pair.agreement.trace())
    if outcome == "All":
        return (
            f"A and B predict different classes for {differing:,} of {n_items:,} test images "
            "(orange)."
        )
    return f"{outcome}: {n_items:,} of {pair.result.n_items:,} test images."
