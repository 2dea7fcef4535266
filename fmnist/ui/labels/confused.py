"""The classes most confused between labels and out-of-fold predictions."""

from __future__ import annotations

import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.evaluation.metrics import compute_confusion, find_confusions
from fmnist.labels.search import LabelScores

_N_CELLS = 12


def render_confused(dataset: Dataset, scores: LabelScores) -> None:
    """Draw a table of the pairs of classes with the most training images between them."""
    y_proba = scores.y_proba[: len(dataset.y_train)]
    counts = compute_confusion(dataset.y_train, y_proba.argmax(axis=1))
    st.dataframe(
        [
            {
                "Label": CLASS_NAMES[true],
                "Predicted out of fold": CLASS_NAMES[predicted],
                "Training images": n_items,
                "Share of the class": 100 * n_items / max(int(counts[true].sum()), 1),
            }
            for true, predicted, n_items in find_confusions(counts, _N_CELLS)
        ],
        hide_index=True,
        height="content",
        key="labels_confused",
        column_config={
            "Training images": st.column_config.NumberColumn(format="localized"),
            "Share of the class": st.column_config.NumberColumn(format="%.1f%%"),
        },
    )
    accuracy = counts.trace() / counts.sum()
    st.caption(
        f"The five networks agree with {accuracy:.1%} of the training labels that they did not "
        "learn. Most of the rest are mistakes of these quick networks, not of the labels."
    )
