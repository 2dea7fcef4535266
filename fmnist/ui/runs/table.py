"""The table of all runs: filters, order, and the selected runs, which are kept in the URL."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

import pandas as pd
import streamlit as st

from fmnist import settings
from fmnist.comparison import (
    ACCURACIES,
    RUN_ORDERS,
    build_run_table,
    is_trial,
    select_runs,
)
from fmnist.csv_export import escape_table
from fmnist.runs import SETTINGS, RunSummary
from fmnist.ui.runs.columns import build_columns
from fmnist.ui.shell.markdown import shorten
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.resources import get_speeds
from fmnist.ui.shell.url import read_parameter, write_parameter

_ROW_PIXELS: Final = 35
_ORDER_PIXELS: Final = 200
_FILTER_PIXELS: Final = 160
_MAX_ROWS: Final = 12
"""Rows visible at once; the table scrolls to the others."""

_MAX_WARNINGS: Final = 3
"""Warnings about runs that are gone: the URL may name thousands."""


@dataclass
class TableState:
    """Number of times that code has changed the selection, part of the table's key."""

    version: int = 0


def get_chosen_ids() -> list[str]:
    """Return the names of the chosen runs from the URL: ``runs=a,b``."""
    return list(dict.fromkeys(filter(None, (read_parameter("runs") or "").split(","))))


def choose_runs(run_ids: Sequence[str]) -> None:
    """Replace the selected runs in the URL and in the table."""
    _write_chosen(run_ids)
    get_state(TableState).version += 1


def _write_chosen(run_ids: Sequence[str]) -> None:
    write_parameter("runs", ",".join(run_ids) or None)


def render_filters(summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Draw the filters and return the runs that pass them, in the chosen order.

    The runs of studies are hidden at first: a study makes dozens, most of them short.
    """
    options = {
        "Network": sorted({summary.run.recipe.network for summary in summaries}),
        "State": sorted({summary.label for summary in summaries}),
        "Tag": sorted({tag for summary in summaries for tag in summary.notes.tags}),
        "Study": sorted({summary.run.study for summary in summaries} - {""}),
    }
    chosen: dict[str, list[str]] = {label: [] for label in options}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="search",
            bind="query-params",
            icon=":material/search:",
            placeholder="Name, note, tag, owner",
        )
        order = st.selectbox(
            "Order", list(RUN_ORDERS), key="order", bind="query-params", width=_ORDER_PIXELS
        )
        for label, values in options.items():
            if values or label != "Study":
                chosen[label] = st.multiselect(
                    label,
                    values,
                    key=label.lower(),
                    bind="query-params",
                    placeholder="Any",
                    width=_FILTER_PIXELS,
                )
        trials = bool(options["Study"]) and st.toggle(
            "Trials of studies",
            key="trials",
            bind="query-params",
            help="Also shows the runs that studies started. Selecting a study shows only its runs.",
        )
    return select_runs(
        summaries,
        text=text,
        networks=chosen["Network"],
        states=chosen["State"],
        tags=chosen["Tag"],
        studies=chosen["Study"],
        trials=trials,
        order=order,
    )


def render_table(shown: Sequence[RunSummary], summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Draw the table and return the chosen runs, including those hidden by the filters.

    Args:
        shown: the runs that pass the filters.
        summaries: all runs.
    """
    by_id = {summary.run_id: summary for summary in summaries}
    chosen = get_chosen_ids()
    missing = [run_id for run_id in chosen if run_id not in by_id]
    named = [f"There is no run named “{shorten(run_id)}” any more." for run_id in missing]
    if len(named) > _MAX_WARNINGS:
        named[_MAX_WARNINGS:] = [f"{len(named) - _MAX_WARNINGS:,} more runs are gone."]
    for warning in named:
        show_warning(warning, icon=":material/link_off:")
    is_cut = len(shown) > settings.MAX_LISTED_RUNS
    shown = shown[: settings.MAX_LISTED_RUNS]
    listed = [summary.run_id for summary in shown]
    if is_cut:
        st.caption(
            f"The first {len(listed):,} in this order. Search, filter or order by something else "
            "to see others; the CSV file has them all."
        )
    if listed:
        _render_rows(shown, listed, chosen)
    else:
        st.caption("No run passes these filters. Remove a filter or show the trials of studies.")
    st.caption(_describe_selection(shown, by_id, chosen))
    return [by_id[run_id] for run_id in chosen if run_id in by_id]


def _describe_selection(
    shown: Sequence[RunSummary], by_id: Mapping[str, RunSummary], chosen: Sequence[str]
) -> str:
    """Return how many runs are shown and hidden, and how to use the table."""
    listed = {summary.run_id for summary in shown}
    trials = sum(is_trial(run) for run_id, run in by_id.items() if run_id not in listed)
    hidden = sum(run_id in by_id and run_id not in listed for run_id in chosen)
    words = ""
    if len(listed) < len(by_id):
        words += f"{len(listed):,} of {len(by_id):,} runs"
        words += f"; {trials:,} trials of studies are hidden. " if trials else ". "
    if hidden:
        words += f"Chosen but hidden by the filters: {hidden}. "
    return (
        f"{words}Tick runs on the left to compare them. Click a column's header to sort. Scroll "
        "right for the settings; the eye icon above the table shows more columns."
    )


def _render_rows(shown: Sequence[RunSummary], listed: list[str], chosen: list[str]) -> None:
    # The selection consists of row numbers, so a table with other rows needs another key.
    digest = zlib.crc32(",".join(listed).encode())
    key = f"runs_table_{get_state(TableState).version}_{digest:08x}"
    ticked = [row for row, run_id in enumerate(listed) if run_id in chosen]
    columns, order = build_columns()
    if any(is_trial(summary) for summary in shown):
        order.insert(1, "study")
    st.dataframe(
        escape_table(_format_table(shown)[list(columns)]),  # whose menu also offers a CSV file
        column_config=columns,
        column_order=order,
        hide_index=True,
        height=_ROW_PIXELS * (min(len(listed), _MAX_ROWS) + 1) + 3,
        key=key,
        on_select=partial(_take_ticks, key, listed),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked, "columns": [], "cells": []}},
        placeholder="",
        alt="All runs, one per row",
    )


def _format_table(shown: Sequence[RunSummary]) -> pd.DataFrame:
    """Return the table of runs as the page shows it: percentages, intervals and labels."""
    table = build_run_table(shown)
    if len(table):
        milliseconds = [get_speeds().find(each.run, each.report) for each in shown]
        table["milliseconds_per_image"] = pd.array(milliseconds, "Float64")
    for name in ACCURACIES:
        table[f"{name}_accuracy"] *= 100
        ends = zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
        table[f"{name}_interval"] = [
            "" if math.isnan(low) else f"{100 * low:.2f}\N{EN DASH}{100 * high:.2f}%"
            for low, high in ends
        ]
    table["study"] = [
        f"study?study={quote(name, safe=' ')}" if name else None for name in table["study"]
    ]
    for setting in SETTINGS.values():
        if setting.choices:
            table[setting.name] = table[setting.name].map(setting.format_value, na_action="ignore")
    return table


def _take_ticks(key: str, listed: list[str]) -> None:
    """Write the ticked rows into the URL, after the chosen runs that are not listed."""
    ticked = [listed[row] for row in read_widget(key).selection.rows]
    chosen = get_chosen_ids()
    kept = [run_id for run_id in chosen if run_id not in listed or run_id in ticked]
    _write_chosen([*kept, *(run_id for run_id in ticked if run_id not in chosen)])
