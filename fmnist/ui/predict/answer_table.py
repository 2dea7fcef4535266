"""Many answers at once: a table with thumbnails, to sort and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from fmnist.charts.sheet import encode_png
from fmnist.classes import CLASS_NAMES
from fmnist.ui.widgets.answers import Answer

_THUMBNAIL: Final = 72
_SHOWN: Final = ["picture", "file", "label", "probability", "sure", "kind", "warning", "error"]


def render_table(answers: Sequence[Answer]) -> Answer:
    """Show the answers, where there are many, in a table, and return the one to look at."""
    if len(answers) == 1:
        return answers[0]
    table = pd.DataFrame(summarise_answers(answers))
    table.insert(0, "picture", [_build_thumbnail(answer) for answer in answers])
    probability = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(
        table[_SHOWN],
        hide_index=True,
        column_config={"probability": probability, "picture": st.column_config.ImageColumn()},
        key="predict_table",
    )
    st.download_button(
        "All answers as CSV",
        table.drop(columns="picture").to_csv(index=False),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    position = st.selectbox(
        "Picture",
        range(len(answers)),
        format_func=lambda i: f"{i + 1}: {answers[i].name}",
        key="predict_choice",
    )
    return answers[position]


def summarise_answers(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return one row a file for a table or CSV: name, label, ten probabilities, warning, error."""
    rows = []
    for answer in answers:
        row: dict[str, Any] = {"file": answer.name, "label": None, "probability": None}
        if answer.verdict is not None and answer.verdict.label is not None:
            row["label"] = CLASS_NAMES[answer.verdict.label]
            row["probability"] = answer.verdict.probability
        row["sure"] = answer.verdict.is_sure if answer.verdict else None
        for label, name in enumerate(CLASS_NAMES):
            row[name] = None if answer.y_proba is None else float(answer.y_proba[label])
        row["kind"] = answer.prepared.kind if answer.prepared else None
        row["warning"] = answer.prepared.warning if answer.prepared else None
        row["error"] = answer.error
        rows.append(row)
    return rows


def _build_thumbnail(answer: Answer) -> str | None:
    """Return a small picture of what was given, as a data URI."""
    if answer.picture is None:
        return None
    small = Image.fromarray(answer.picture)
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    return encode_png(np.asarray(small))
