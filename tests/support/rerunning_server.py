"""Streamlit's command line, with a Train page that reruns itself when its form was just drawn.

The messages of a drawing wait a few milliseconds before they are sent to the browser; a rerun
within that time drops them. So the browser sees nothing of the drawings in which the form got its
values.
"""

from __future__ import annotations

import sys
from typing import Any

import streamlit as st
from streamlit.web import cli

from fmnist.ui.train import form

RERUNS = 3

_render_form = form.render_form


def render_and_rerun(*arguments: Any, **options: Any) -> Any:
    """Draw the form; the first times in a session, rerun the page before it reaches the browser."""
    drawn = _render_form(*arguments, **options)
    if (count := st.session_state.get("reruns", 0)) < RERUNS:
        st.session_state["reruns"] = count + 1
        st.rerun()
    return drawn


if __name__ == "__main__":
    form.render_form = render_and_rerun
    sys.exit(cli.main())
