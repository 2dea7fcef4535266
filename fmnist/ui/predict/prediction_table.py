"""The predictions for several pictures: a table with thumbnails, to sort and to download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.csv_export import escape_table, format_csv
from fmnist.ui.widgets.predictions import PicturePrediction

_SHOWN: Final = ["picture", "file", "label", "probability", "sure", "kind", "warning", "error"]


def render_table(predictions: Sequence[PicturePrediction]) -> PicturePrediction:
    """Draw several predictions as a table, and return the chosen one; a single one is returned."""
    if len(predictions) == 1:
        return predictions[0]
    table = pd.DataFrame(summarise_predictions(predictions))
    table.insert(0, "picture", [each.read.thumbnail if each.read else None for each in predictions])
    probability = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(
        escape_table(table[_SHOWN]),  # its menu offers a CSV file, too
        hide_index=True,
        column_config={"probability": probability, "picture": st.column_config.ImageColumn()},
        key="predict_table",
    )
    st.download_button(
        "Predictions as CSV",
        lambda: format_csv(table.drop(columns="picture")),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    position = st.selectbox(
        "Picture",
        range(len(predictions)),
        format_func=lambda i: f"{i + 1}: {predictions[i].name}",
        key="predict_choice",
    )
    return predictions[position]


def summarise_predictions(predictions: Sequence[PicturePrediction]) -> list[dict[str, Any]]:
    """Return one row a file for a table or CSV: name, label, ten probabilities, warning, error."""
    rows = []
    for prediction in predictions:
        row: dict[str, Any] = {"file": prediction.name, "label": None, "probability": None}
        if prediction.verdict is not None and prediction.verdict.label is not None:
            row["label"] = CLASS_NAMES[prediction.verdict.label]
            row["probability"] = prediction.verdict.probability
        row["sure"] = prediction.verdict.is_sure if prediction.verdict else None
        for label, name in enumerate(CLASS_NAMES):
            row[name] = None if prediction.y_proba is None else float(prediction.y_proba[label])
        row["kind"] = prediction.prepared.kind if prediction.prepared else None
        row["warning"] = prediction.prepared.warning if prediction.prepared else None
        row["error"] = prediction.error
        rows.append(row)
    return rows
