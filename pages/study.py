"""Study: search for better settings, or repeat a recipe with several seeds."""

from __future__ import annotations

import streamlit as st

from fmnist.study import list_studies
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.halves import split_page
from fmnist.ui.shell.handover import Handover
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.run_lifecycle import render_undo
from fmnist.ui.study.form import render_study_form, repeat_run
from fmnist.ui.study.list import render_study_list
from fmnist.ui.study.panel import (
    render_deleted_studies,
    render_study,
    render_study_picker,
    show_study,
    undo_delete,
)

with open_page(
    "Study",
    intro="Search for better settings automatically, or repeat a recipe with several seeds to see "
    "how much results vary. A study continues when you leave the page.",
):
    handover = get_state(Handover)
    if handover.repeat_run is not None:
        repeat_run(handover.repeat_run)
        handover.repeat_run = None
    left, right = split_page([4, 7])
    with left:
        st.header("New study")
        started = render_study_form()
        if started is not None:
            show_study(started.name)
            st.rerun()
    with right:
        st.header("Results")
        render_undo("study", undo_delete)
        studies = list_studies()
        if studies:
            render_study(render_study_picker(studies))
        else:
            st.caption(
                "No study yet. “Start the study” runs twelve short trials that search for a better "
                "learning rate and dropout; together they take a few minutes."
            )
    if len(studies) > 1:
        st.header("All studies")
        render_study_list(studies)
    render_deleted_studies()
