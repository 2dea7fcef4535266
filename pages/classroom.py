"""Classroom: who uses what, limits, the queue and the log of changes; for teachers."""

from __future__ import annotations

import streamlit as st

from fmnist.ui.shell.access import is_teacher
from fmnist.ui.shell.frame import open_page

with open_page(
    "Classroom",
    intro="Who uses what. Pause the queue, clear or revoke a name, and set what each student may "
    "use.",
):
    if is_teacher():
        # Imported here: without classroom mode, nothing imports the class's database.
        from fmnist.ui.classroom.people import render_people
        from fmnist.ui.classroom.rules import render_limits, render_log, render_queue

        st.header("Queue")
        render_queue()
        st.header("People")
        render_people()
        st.header("Limits")
        render_limits()
        st.header("Log of changes")
        render_log()
    else:
        st.info("This page is for teachers, in classroom mode.", icon=":material/school:")
