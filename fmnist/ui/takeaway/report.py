"""The section Report: a run's model card, or a comparison with others, as one HTML file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.comparison import CARD_RUNS
from fmnist.comparison.pair import check_same_items, load_evaluated_run
from fmnist.errors import RunError
from fmnist.runs import Run
from fmnist.takeaway.report import build_report
from fmnist.ui.shell.messages import show_error
from fmnist.ui.widgets.run_choice import list_finished


def render_report(run: Run) -> None:
    """Draw the choice of runs to compare with, and the download of the report."""
    st.caption(
        "One file that opens without a network or this program, in light and dark, and prints: "
        "data, recipe, figures with intervals, classes, mistakes, calibration, decision, limits, "
        "the hash of the run and the command that repeats it. It holds no picture of the data set."
    )
    others = {other.run_id: other for other in list_finished() if other.run_id != run.run_id}
    names = st.multiselect(
        "Compare with",
        list(others),
        key="takeaway_compared",
        max_selections=CARD_RUNS[1] - 1,
        placeholder="No other run: the model card of this one",
    )
    chosen = [run, *(others[name] for name in names)]
    try:
        check_same_items([load_evaluated_run(each) for each in chosen])
    except RunError as error:
        show_error(error)
        return
    st.download_button(
        "Comparison" if names else "Model card",
        partial(build_report, chosen),
        file_name=f"{'-'.join(each.run_id for each in chosen)[:200]}.html",
        mime="text/html",
        icon=":material/description:",
        type="primary",
        key="takeaway_report",
        on_click="ignore",
    )
