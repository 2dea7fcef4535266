"""The benchmark card of two to four runs, also to copy as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.comparison import CARD_RUNS, build_card, format_markdown
from fmnist.networks.quick_look import find_multiplications
from fmnist.runs import RunSummary
from fmnist.ui.shell.resources import get_speeds


def render_card(chosen: Sequence[RunSummary], summaries: Sequence[RunSummary]) -> None:
    """Draw the card of the chosen runs.

    Args:
        chosen: the selected, readable runs.
        summaries: all runs.
    """
    if not CARD_RUNS[0] <= len(chosen) <= CARD_RUNS[1]:
        st.caption(f"Tick {CARD_RUNS[0]} to {CARD_RUNS[1]} runs for a benchmark card.")
        return
    table = build_card(
        chosen,
        summaries,
        {each.run_id: find_multiplications(each.run.recipe) for each in chosen},
        {each.run_id: get_speeds().find(each.run, each.report) for each in chosen},
    )
    st.dataframe(
        table,
        column_config={"Metric": st.column_config.TextColumn(width=190)},
        height="content",
        key="benchmark_card",
        alt="Metrics of the chosen runs, one per row",
    )
    st.caption(
        "The interval is Wilson's: it shows the uncertainty from the number of test images, not "
        "what another seed would give. *Over seeds*: mean and standard deviation of the runs here "
        "that differ only in the seed. A dash: not known, or being measured. As Markdown, the icon "
        "at the right copies it:"
    )
    st.code(format_markdown(table), language="markdown")
