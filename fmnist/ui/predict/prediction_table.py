"""The predictions for several pictures as a table to sort, filter and correct, and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from fmnist.classes import CLASS_NAMES
from fmnist.csv_export import escape_table, format_csv
from fmnist.ui.predict.score import TRUTHS, ScoreState, describe_score
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.widgets.predictions import PicturePrediction

_ROW_PIXELS: Final = 56
_MAX_ROWS: Final = 9
"""Number of visible rows; the table scrolls."""

_TRUE: Final = "true class"
_EDITED: Final = ["picture", "file", "label", "probability", "verdict", _TRUE, "reason"]


def _is_unsure(each: PicturePrediction) -> bool:
    return each.verdict is not None and not each.verdict.is_sure


_FILTERS: Final[dict[str, Callable[[PicturePrediction], bool]]] = {
    "All": lambda _: True,
    "Unsure": _is_unsure,
    "Not read": lambda each: each.verdict is None,
}


@dataclass
class TableState:
    """The table edited in the browser.

    Attributes:
        files: its rows.
        truths: the true classes sent with the table, by file; edits are applied on top.
        version: number of changes made by the program; part of the table's key.
    """

    files: list[str] = field(default_factory=list)
    truths: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def follow(self, key: str, files: list[str], truths: dict[str, str]) -> str:
        """Return the key of the table for these rows and true classes; a change gives a new key.

        Args:
            key: the key of the first table.
            files: the rows.
            truths: the true classes, by file.
        """
        shown = self.truths | self.read_edits(f"{key}_{self.version}")
        if files != self.files or {name: text for name, text in shown.items() if text} != truths:
            self.version += 1
            self.files, self.truths = files, truths
        return f"{key}_{self.version}"

    def read_edits(self, key: str) -> dict[str, str]:
        """Return the person's edits in the table, by file; empty for a cleared cell."""
        rows = read_widget(key, {"edited_rows": {}})["edited_rows"]
        return {self.files[int(row)]: edit[_TRUE] or "" for row, edit in rows.items()}


def render_table(predictions: Sequence[PicturePrediction], run_id: str) -> PicturePrediction:
    """Draw several predictions as a table and return the chosen one; return a single one as it is.

    Args:
        predictions: the predictions of the run's network, at least one, with distinct names.
        run_id: the run.
    """
    if len(predictions) == 1:
        return predictions[0]
    counts = {name: sum(map(passes, predictions)) for name, passes in _FILTERS.items()}
    shown = st.segmented_control(
        "Show",
        list(_FILTERS),
        format_func=lambda name: f"{name} ({counts[name]})",
        default="All",
        required=True,
        key="predict_filter",
    )
    listed = [each for each in predictions if _FILTERS[shown](each)]
    notes = get_state(ScoreState).notes
    if listed:
        _render_rows(listed, notes, run_id)
    else:
        st.caption("No picture is of that kind.")
    known = [notes[key] for each in predictions if (key := f"{run_id}/{each.name}") in notes]
    if known:
        st.caption(describe_score(known, "Of those whose true class you gave"))
    st.download_button(
        "Predictions as CSV",
        lambda: format_csv(pd.DataFrame(summarise_predictions(predictions, notes, run_id))),
        file_name="predictions.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    position = st.selectbox(
        "Picture shown",
        range(len(predictions)),
        format_func=lambda i: f"{i + 1}: {predictions[i].name}",
        key="predict_choice",
    )
    return predictions[position]


def _render_rows(
    listed: Sequence[PicturePrediction],
    notes: dict[str, tuple[int | None, int]],
    run_id: str,
) -> None:
    """Draw the table; record any true class chosen in it."""
    table = pd.DataFrame(summarise_predictions(listed, notes, run_id))
    table.insert(0, "picture", [each.read.thumbnail if each.read else None for each in listed])
    table["verdict"] = [describe_verdict(each) for each in listed]
    table["reason"] = [each.error or _find_doubt(each) for each in listed]
    files = [each.name for each in listed]
    truths = {name: text for name, text in zip(files, table[_TRUE], strict=True) if text}
    state = get_state(TableState)
    key = state.follow("predict_table", files, truths)
    table[_TRUE] = [state.truths.get(name) for name in files]
    labels = {each.name: each.verdict.label if each.verdict else None for each in listed}
    st.data_editor(
        escape_table(table[_EDITED]),  # whose menu also offers a CSV file
        hide_index=True,
        disabled=[column for column in _EDITED if column != _TRUE],
        column_config={
            "picture": st.column_config.ImageColumn("Picture", width=64),
            "file": st.column_config.TextColumn("File", width="medium"),
            "label": "Class",
            "probability": st.column_config.ProgressColumn(
                "Probability", format="percent", min_value=0, max_value=1
            ),
            "verdict": "Verdict",
            _TRUE: st.column_config.SelectboxColumn(
                "True class",
                options=list(TRUTHS.values()),
                help="Click twice to enter the true class; the CSV also holds it.",
            ),
            "reason": st.column_config.TextColumn("Why", width="large"),
        },
        row_height=_ROW_PIXELS,
        height=_ROW_PIXELS * min(len(listed), _MAX_ROWS) + 40,
        key=key,
        on_change=partial(take_edits, state, key, notes, labels, run_id),
    )


def _find_doubt(prediction: PicturePrediction) -> str:
    """Return the doubts about a prediction in a sentence or two; empty if there are none."""
    verdict, prepared = prediction.verdict, prediction.prepared
    warning = (prepared.warning or "") if prepared else ""
    return f"{verdict.sentence} {warning}" if verdict and not verdict.is_sure else warning


def take_edits(
    state: TableState,
    key: str,
    notes: dict[str, tuple[int | None, int]],
    labels: Mapping[str, int | None],
    run_id: str,
) -> None:
    """Record the true classes that the person has chosen in the table.

    Args:
        state: the state of the table.
        key: the key of the table.
        notes: see ``ScoreState``; modified in place.
        labels: the predicted labels by file; None if there is none.
        run_id: the run.
    """
    numbers = {text: number for number, text in TRUTHS.items()}
    for name, text in state.read_edits(key).items():
        if text in numbers:
            notes[f"{run_id}/{name}"] = labels[name], numbers[text]
        else:
            notes.pop(f"{run_id}/{name}", None)


def describe_verdict(prediction: PicturePrediction) -> str:
    """Return a prediction's verdict in a word or two."""
    verdict = prediction.verdict
    if verdict is None:
        return "not read"
    if verdict.label is None:
        return "no answer"
    if verdict.is_outlier:
        return "none of the ten"
    return "sure" if verdict.is_sure else "unsure"


def summarise_predictions(
    predictions: Sequence[PicturePrediction],
    notes: Mapping[str, tuple[int | None, int]],
    run_id: str,
) -> list[dict[str, Any]]:
    """Return one row per file for a table or CSV: name, label, ten probabilities, warning, error.

    Args:
        predictions: the predictions of the run's network.
        notes: the known true classes; see ``ScoreState``.
        run_id: the run.
    """
    rows = []
    for prediction in predictions:
        row: dict[str, Any] = {"file": prediction.name, "label": None, "probability": None}
        if prediction.verdict is not None and prediction.verdict.label is not None:
            row["label"] = CLASS_NAMES[prediction.verdict.label]
            row["probability"] = prediction.verdict.probability
        row["sure"] = prediction.verdict.is_sure if prediction.verdict else None
        for label, name in enumerate(CLASS_NAMES):
            row[name] = None if prediction.y_proba is None else float(prediction.y_proba[label])
        prepared = prediction.prepared
        row["kind"] = prepared.kind if prepared else None
        row["warning"] = (prepared.refusal or prepared.warning) if prepared else None
        row["error"] = prediction.error
        note = notes.get(f"{run_id}/{prediction.name}")
        row[_TRUE] = None if note is None else TRUTHS[note[1]]
        rows.append(row)
    return rows
