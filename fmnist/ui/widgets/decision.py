"""The recorded decision for a run."""

from __future__ import annotations

import streamlit as st

from fmnist.errors import RunError
from fmnist.runs import Run, load_decision
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.messages import show_warning


def render_decision(run: Run) -> None:
    """Draw why a run was chosen over others; nothing if no decision was recorded."""
    try:
        decision = load_decision(run)
    except RunError as error:
        show_warning(error, icon=":material/broken_image:")
        return
    if decision is None:
        return
    others = ", ".join(escape_name(name) for name in decision.over)
    with st.container(border=True):
        st.markdown(
            f":material/gavel: **{escape_name(run.run_id)} was chosen over {others}**: "
            f"{escape_markdown(decision.reason)}"
        )
        for title, facts in (("For it", decision.facts_for), ("Against", decision.facts_against)):
            if facts:
                st.caption(f"{title}: {escape_markdown(' '.join(facts))}")
        author = escape_name(decision.author) if decision.author else "unknown"
        st.caption(f"Decided by {author} on {escape_name(decision.created[:10])}.")
