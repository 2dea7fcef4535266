"""The select box for a run, the same on every page, with the choice in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from fmnist.runs import Run, RunState, load_summary
from fmnist.ui.shell.markdown import shorten
from fmnist.ui.shell.messages import show_warning
from fmnist.ui.shell.page_state import UrlChoice, get_state
from fmnist.ui.shell.url import read_parameter


def render_run_picker(
    runs: Sequence[Run],
    *,
    key: str,
    label: str = "Run",
    label_visibility: Literal["visible", "collapsed"] = "visible",
    help_text: str | None = None,
    parameter: str = "run",
) -> Run:
    """Draw the box and return the selected run, kept in the URL as ``run=…``.

    Args:
        runs: the runs, at least one; the first is the default.
        key: the key of the box, unique on the page.
        label: the label of the box.
        label_visibility: ``collapsed`` if the label would take a separate line.
        help_text: the tooltip of the label, in Markdown.
        parameter: the name of the URL's parameter.
    """
    by_id = {run.run_id: run for run in runs}
    asked = read_parameter(parameter)
    if asked is not None and asked not in by_id:
        show_warning(f"There is no run named “{shorten(asked)}” here, so another one is shown.")
    choice = get_state(UrlChoice, key)
    shown = choice.follow(parameter, list(by_id))
    run_id = st.selectbox(
        label,
        list(by_id),
        list(by_id).index(shown),
        format_func=lambda i: _describe(by_id[i]),
        key=choice.key(key),
        label_visibility=label_visibility,
        help=help_text,
    )
    choice.write(parameter, run_id)
    return by_id[run_id]


def _describe(run: Run) -> str:
    notes = [run.recipe.network] if run.recipe.network != run.run_id else []
    summary = load_summary(run)
    if summary.problem is not None:
        notes = [RunState.DAMAGED.value]
    elif summary.report is not None:
        test_set = "the demo test set" if summary.is_demo else "the test set"
        notes.append(f"{summary.test_accuracy:.2%} on {test_set}")
    return f"{run.run_id} ({', '.join(notes)})" if notes else run.run_id
