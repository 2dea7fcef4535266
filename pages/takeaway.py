"""Take away: the files of a finished run for use without this program."""

from __future__ import annotations

import streamlit as st

from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.url import render_choice
from fmnist.ui.takeaway.code import render_code
from fmnist.ui.takeaway.endpoint import render_endpoint
from fmnist.ui.takeaway.exports import render_exports
from fmnist.ui.takeaway.report import render_report
from fmnist.ui.widgets.run_choice import list_finished, render_run_choice

# What draws each section, given the run. No docstring: Streamlit would show it.
SECTIONS = {
    "Files": render_exports,
    "Code": render_code,
    "Report": render_report,
    "Endpoint": render_endpoint,
}

with open_page(
    "Take away",
    intro="A finished run for use elsewhere: choose the run, then what to take.",
):
    finished = list_finished()
    if finished:
        run = render_run_choice(finished, key="takeaway_run")
        section = render_choice("View", list(SECTIONS), key="view", label_visibility="collapsed")
        SECTIONS[section](run)
    else:
        st.markdown("No run is finished yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
