"""The run picker, which leaves out the trials of studies unless they are switched on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import streamlit as st

from fmnist.comparison import choose_best, is_trial
from fmnist.runs import Run, list_runs, load_summary
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.run_picker import render_run_picker
from fmnist.ui.shell.url import read_parameter, write_parameter


def list_finished() -> list[Run]:
    """Return the finished runs, best first."""
    runs = [run for run in list_runs() if run.report_path.is_file()]
    best = choose_best([load_summary(run) for run in runs])
    return sorted(runs, key=lambda run: best is None or run.run_id != best.run_id)


def render_run_choice(
    runs: Sequence[Run], *, key: str, label: str = "Run", help_text: str | None = None
) -> Run:
    """Draw the run picker and, if there are trials, a toggle that includes them.

    Trials are included by default if the URL names one, or if there are no other runs.

    Args:
        runs: the runs, at least one; the first that isn't a trial is the default.
        key: unique on the page.
        label: the label of the picker.
        help_text: the picker's tooltip, Markdown.
    """
    shown_label: Literal["visible", "collapsed"] = "collapsed" if is_presenting() else "visible"
    draw = partial(
        render_run_picker, key=key, label=label, help_text=help_text, label_visibility=shown_label
    )
    trials = {run.run_id for run in runs if is_trial(run)}
    if not trials or len(trials) == len(runs):
        return draw(runs)
    place = st.container()
    with_trials = st.toggle(
        f"Show {len(trials):,} trials of studies",
        value=read_parameter("run") in trials,
        key=f"{key}_trials",
        on_change=_leave_trial,
        args=(trials,),
    )
    shown = [run for run in runs if with_trials or run.run_id not in trials]
    with place:
        return draw(shown)


def _leave_trial(trials: set[str]) -> None:
    """Remove a trial from the URL, since the picker does not list it."""
    if read_parameter("run") in trials:
        write_parameter("run", None)
