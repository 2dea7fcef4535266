"""Runs: the table of all runs, the curves and recipes of the chosen ones side by side."""

from __future__ import annotations

import streamlit as st

from fmnist.comparison import format_run_csv
from fmnist.launching import ensure_dispatcher
from fmnist.runs import ACTIVE_STATES, RunSummary, list_all_runs
from fmnist.ui.runs.actions import render_actions, render_deleted_runs, undo_delete
from fmnist.ui.runs.card import render_card
from fmnist.ui.runs.compare import keep_fresh, render_recipes, render_seeds
from fmnist.ui.runs.table import render_filters, render_table
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.run_lifecycle import render_undo
from fmnist.ui.shell.summaries import load_summaries
from fmnist.ui.shell.url import render_choice

VIEWS = ["Curves", "Recipes", "Seeds", "Benchmark card"]


def render_all(summaries: list[RunSummary]) -> list[RunSummary]:
    """Draw filters and table and return the chosen runs."""
    shown = render_filters(summaries)
    chosen = render_table(shown, summaries)
    st.download_button(
        "Table as CSV",
        lambda: format_run_csv(shown),
        file_name="runs.csv",
        mime="text/csv",
        icon=":material/download:",
        key="runs_csv",
        on_click="ignore",
        disabled=not shown,
    )
    return chosen


def render_chosen(chosen: list[RunSummary], summaries: list[RunSummary]) -> None:
    """Draw the actions for the chosen runs and the comparison of them."""
    st.header(escape_name(chosen[0].run_id) if len(chosen) == 1 else f"{len(chosen)} runs chosen")
    render_actions(chosen, sorted({tag for summary in summaries for tag in summary.notes.tags}))
    if len({summary.is_demo for summary in chosen if summary.report is not None}) > 1:
        st.warning(
            "Some of these runs were tested on the demo set and some on Fashion-MNIST, so their "
            "accuracies are not comparable.",
            icon=":material/balance:",
        )
    chosen = [summary for summary in chosen if not summary.run.damage]
    if not chosen:  # none has a recipe that can be read
        keep_fresh(summaries, [], race=False)
        return
    view = render_choice(
        "View",
        VIEWS,
        key="view",
        label_visibility="collapsed",
    )
    runs = [summary.run for summary in chosen]
    keep_fresh(summaries, runs, race=view == "Curves")
    if view == "Recipes":
        render_recipes(runs)
    elif view == "Seeds":
        render_seeds(chosen)
    elif view == "Benchmark card":
        render_card(chosen, summaries)


with open_page(
    "Runs",
    intro="All runs and their results. Tick two or more to compare their curves and recipes, and "
    "to see how much of a difference the seed explains.",
):
    render_undo("run", undo_delete)
    summaries = load_summaries(list_all_runs())
    if any(summary.state in ACTIVE_STATES for summary in summaries):
        ensure_dispatcher()
    if summaries:
        chosen = render_all(summaries)
        if chosen:
            render_chosen(chosen, summaries)
        else:
            keep_fresh(summaries, [], race=False)
    else:
        st.markdown("No run yet. Training a small network takes about a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
    render_deleted_runs()
