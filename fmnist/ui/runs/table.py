"""All runs in a table: filters, order, and the runs that are ticked, which the URL carries."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import streamlit as st

from fmnist.comparison import RUN_ORDERS, build_run_table, select_runs
from fmnist.runs import RunSummary

_VERSION: Final = "runs_table_version"
_ROW_PIXELS: Final = 35
_ORDER_PIXELS: Final = 200
_FILTER_PIXELS: Final = 160
_MAX_ROWS: Final = 12
"""Rows that are seen at once; the others are scrolled to inside the table."""

_PERCENT: Final = partial(st.column_config.NumberColumn, format="%.2f%%")

_ACCURACIES: Final = ("validation_accuracy", "test_accuracy")

_COLUMNS: Final[dict[str, Any]] = {
    "run": st.column_config.TextColumn("Run", pinned=True, width="medium"),
    "state": "State",
    "network": "Network",
    "parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "validation_accuracy": _PERCENT("Validation accuracy", help="Of the best epoch so far."),
    "test_accuracy": _PERCENT("Test accuracy", help="On the test set, read once, at the end."),
    "tested_on": st.column_config.TextColumn(
        "Tested on", help="Accuracies on the demo set do not compare with those on Fashion-MNIST."
    ),
    "seed": st.column_config.NumberColumn("Seed", format="%d"),
    "epochs": st.column_config.NumberColumn("Epochs", format="%d", help="Completed so far."),
    "seconds": st.column_config.NumberColumn("Seconds", format="localized", help="Of training."),
    "created": st.column_config.DatetimeColumn("Created", format="YYYY-MM-DD HH:mm"),
    "owner": "Owner",
    "tags": st.column_config.ListColumn("Tags"),
    "note": st.column_config.TextColumn("Note", width="medium"),
    "batch_size": st.column_config.NumberColumn("Batch size", format="%d"),
    "learning_rate": st.column_config.NumberColumn("Learning rate", format="%g"),
    "weight_decay": st.column_config.NumberColumn("Weight decay", format="%g"),
    "dropout": st.column_config.NumberColumn("Dropout", format="%g"),
    "label_smoothing": st.column_config.NumberColumn("Label smoothing", format="%g"),
    "augmentation": "Augmentation",
    "schedule": "Schedule",
    "averaging": "Averaging",
    "train_share": st.column_config.NumberColumn("Data share", format="percent"),
}


def get_chosen_ids() -> list[str]:
    """Return the names of the chosen runs, as the URL has them: ``runs=a,b``."""
    return list(dict.fromkeys(filter(None, st.query_params.get("runs", "").split(","))))


def choose_runs(run_ids: Sequence[str]) -> None:
    """Choose these runs instead of the ones that are; the table is ticked anew."""
    _write_chosen(run_ids)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _write_chosen(run_ids: Sequence[str]) -> None:
    if run_ids:
        st.query_params["runs"] = ",".join(run_ids)
    else:
        st.query_params.pop("runs", None)


def render_filters(summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Draw the filters and return the runs that pass them, in the chosen order."""
    networks = sorted({summary.run.recipe.network for summary in summaries})
    states = sorted({summary.label for summary in summaries})
    tags = sorted({tag for summary in summaries for tag in summary.notes.tags})
    chosen: list[list[str]] = []
    with st.container(horizontal=True):
        text = st.text_input(
            "Search", key="search", bind="query-params", icon=":material/search:",
            placeholder="Name, note, tag, owner",
        )  # fmt: skip
        order = st.selectbox(
            "Order", list(RUN_ORDERS), key="order", bind="query-params", width=_ORDER_PIXELS
        )
        for label, options in {"Network": networks, "State": states, "Tag": tags}.items():
            chosen.append(
                st.multiselect(
                    label,
                    options,
                    key=label.lower(),
                    bind="query-params",
                    placeholder="Any",
                    width=_FILTER_PIXELS,
                )
            )
    return select_runs(
        summaries, text=text, networks=chosen[0], states=chosen[1], tags=chosen[2], order=order
    )


def render_table(shown: Sequence[RunSummary], summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Draw the table and return the chosen runs, those that the filters hide among them.

    Args:
        shown: the runs that pass the filters.
        summaries: all runs.
    """
    by_id = {summary.run_id: summary for summary in summaries}
    chosen = get_chosen_ids()
    for run_id in chosen:
        if run_id not in by_id:
            st.warning(f"There is no run named “{run_id}” any more.", icon=":material/link_off:")
    listed = [summary.run_id for summary in shown]
    if listed:
        _render_rows(shown, listed, chosen)
    else:
        st.caption("No run passes these filters. Take one of them away.")
    hidden = sum(run_id in by_id and run_id not in listed for run_id in chosen)
    words = f"{len(listed):,} of {len(by_id):,} runs. " if len(listed) < len(by_id) else ""
    words += f"Chosen but hidden by the filters: {hidden}. " if hidden else ""
    st.caption(
        f"{words}Tick runs on the left to compare them. A click on a column's head sorts by it; "
        "the table goes on to the right, with each run's settings."
    )
    return [by_id[run_id] for run_id in chosen if run_id in by_id]


def _render_rows(shown: Sequence[RunSummary], listed: list[str], chosen: list[str]) -> None:
    # Ticks are row numbers, so a table with other rows has to be another table.
    digest = zlib.crc32(",".join(listed).encode())
    key = f"runs_table_{st.session_state.get(_VERSION, 0)}_{digest:08x}"
    ticked = [row for row, run_id in enumerate(listed) if run_id in chosen]
    table = build_run_table(shown)
    st.dataframe(
        table.assign(**{name: 100 * table[name] for name in _ACCURACIES}),
        column_config=_COLUMNS,
        hide_index=True,
        height=_ROW_PIXELS * (min(len(listed), _MAX_ROWS) + 1) + 3,
        key=key,
        on_select=partial(_take_ticks, key, listed),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked, "columns": [], "cells": []}},
        placeholder="",
        alt="All runs, a row each",
    )


def _take_ticks(key: str, listed: list[str]) -> None:
    """Write the ticked rows into the URL, behind the chosen runs that are not listed."""
    ticked = [listed[row] for row in st.session_state[key].selection.rows]
    chosen = get_chosen_ids()
    kept = [run_id for run_id in chosen if run_id not in listed or run_id in ticked]
    _write_chosen([*kept, *(run_id for run_id in ticked if run_id not in chosen)])
