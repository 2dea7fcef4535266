"""Compare: what one finished run fixes and breaks compared with another, by chance or not."""

from __future__ import annotations

import streamlit as st

from fmnist.comparison.pair import find_seed_spread
from fmnist.runs import Run, list_runs, load_summary
from fmnist.ui.compare.decision import render_choice_of_run
from fmnist.ui.compare.disagreements import render_disagreements
from fmnist.ui.compare.runs import choose_pair, list_comparable, load_more, load_pair
from fmnist.ui.compare.summary import render_summary
from fmnist.ui.compare.tables import render_classes, render_figures, render_pairs
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.markdown import shorten
from fmnist.ui.shell.url import render_choice

VIEWS = ["Disagreements", "By class", "Figures", "All pairs", "Decision"]


def render_more(a: Run, b: Run, runs: list[Run]) -> list[Run]:
    """Draw the box that adds further runs, and return all that are compared."""
    others = {run.run_id: run for run in runs if run not in (a, b)}
    chosen = st.multiselect(
        "Further runs",
        list(others),
        key="with",
        bind="query-params",
        format_func=shorten,
        placeholder="Choose runs for metrics and a table of all pairs",
    )
    return [a, b, *(others[run_id] for run_id in chosen)]


with open_page(
    "Compare",
    intro="What run B gets right that run A gets wrong, and the reverse, on the same test images.",
):
    summaries = [load_summary(run) for run in list_runs()]
    runs = list_comparable(summaries)
    if len(runs) < 2:
        st.markdown("Two finished runs are needed. Train another one, for example another seed.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
    else:
        a, b = choose_pair(runs)
        if a == b:
            st.caption("A and B are the same run. Choose another one for A or B.")
        else:
            pair = load_pair(a, b)
            spreads = {run.run_id: find_seed_spread(run.run_id, summaries) for run in (a, b)}
            render_summary(pair, spreads)
            view = render_choice("View", VIEWS, key="view", label_visibility="collapsed")
            if view == "By class":
                render_classes(pair)
            elif view == "Figures":
                render_figures([pair.a, pair.b, *load_more(render_more(a, b, runs)[2:])])
            elif view == "All pairs":
                render_pairs([pair.a, pair.b, *load_more(render_more(a, b, runs)[2:])])
            elif view == "Decision":
                render_choice_of_run(pair)
            else:
                render_disagreements(pair)
