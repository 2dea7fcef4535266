"""The decision record: the facts for and against a run, and the reason that a person adds."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.comparison.facts import collect_facts
from fmnist.comparison.pair import RunPair, compare_runs
from fmnist.runs import Decision, Run
from fmnist.runs.decision import MAX_REASON
from fmnist.runs.owners import find_person
from fmnist.ui.compare.runs import measure
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import save_decision
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.page_state import read_widget
from fmnist.ui.shell.run_lifecycle import attempt
from fmnist.ui.shell.session import get_owner
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.decision import render_decision


def render_choice_of_run(pair: RunPair) -> None:
    """Draw the facts for and against one of the two runs, and the form that records the choice."""
    chosen = render_choice("Choose", ["B", "A"], key="choose")
    # The facts are those of B against A, so the pair is swapped to choose A.
    turned = pair if chosen == "B" else compare_runs(pair.b.run, pair.a.run)
    run, other = turned.b.run, turned.a.run
    facts_for, facts_against = collect_facts(turned, (measure(turned.a), measure(turned.b)))
    st.header(f"{escape_name(run.run_id)} rather than {escape_name(other.run_id)}")
    for column, title, facts in zip(
        st.columns(2), ("For it", "Against it"), (facts_for, facts_against), strict=True
    ):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            st.markdown("\n".join(f"- {escape_markdown(fact)}" for fact in facts) or "Nothing.")
    key = f"compare_reason_{run.run_id}"
    decision = Decision((other.run_id,), tuple(facts_for), tuple(facts_against), "", get_owner())
    with st.form(f"compare_decision_{run.run_id}", border=False):
        st.text_area(
            "Reason",
            key=key,
            max_chars=MAX_REASON,
            placeholder="What decides, such as what the network is for",
        )
        st.form_submit_button(
            "Record the decision",
            type="primary",
            icon=":material/gavel:",
            on_click=partial(_record, run, decision, key),
            **get_lock(Action.ANNOTATE_RUN, find_person(run.owner)),
        )
    render_decision(run)


def _record(run: Run, decision: Decision, key: str) -> None:
    reason = str(read_widget(key, ""))
    if attempt(save_decision, run, decision, reason):
        st.toast("Recorded with the run.", icon=":material/check:")
