"""All verdicts, the resulting edits, and their effect on training."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.classes import CLASS_NAMES
from fmnist.comparison.conclusion import conclude
from fmnist.comparison.pair import compare_runs
from fmnist.data import Dataset
from fmnist.data.edits import Edits, format_edits
from fmnist.errors import RunError
from fmnist.labels.folds import EPOCHS, QUICK
from fmnist.labels.verdicts import Verdicts, build_edits, count_verdicts, name_pair
from fmnist.runs import ACTIVE_STATES, Run, RunState, open_run
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import start_edit_pair
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_markdown, escape_name, shorten
from fmnist.ui.shell.run_lifecycle import act, render_badge
from fmnist.ui.widgets.computation import POLL_SECONDS

_QUICK = "quick"


def render_verdicts(dataset: Dataset, verdicts: Verdicts, finished: list[Run]) -> None:
    """Draw the verdicts that count, the edits file, and training with and without it.

    Args:
        dataset: the data set.
        verdicts: the verdicts so far.
        finished: runs whose recipes can be trained with and without the edits.
    """
    latest = verdicts.latest
    if not latest:
        st.markdown("No image has been judged yet. Open a list and press K, L or X.")
        return
    counts = count_verdicts(list(latest.values()))
    st.caption(
        f"{counts['keep']:,} kept, {counts['relabel']:,} relabelled, {counts['exclude']:,} "
        "excluded, the newest first. Those on test images are recorded only."
    )
    labels = {"train": dataset.y_train, "test": dataset.y_test}
    st.dataframe(
        [
            {
                "Split": one.split,
                "Row": one.row,
                "Label": CLASS_NAMES[int(labels[one.split][one.row])],
                "Verdict": one.verdict,
                "New label": None if one.label is None else CLASS_NAMES[one.label],
                "Reason": one.reason,
                "Author": one.author,
                "Date": one.created[:10],
            }
            for one in reversed(latest.values())
        ],
        hide_index=True,
        key="labels_verdicts",
    )
    edits = build_edits(verdicts)
    if not len(edits.rows):
        st.caption("No verdict changes the training set yet.")
        return
    st.download_button(
        "Edits file",
        lambda: format_edits(edits),
        file_name="edits.json",
        mime="application/json",
        icon=":material/download:",
        key="labels_edits",
        on_click="ignore",
        help="The rows left out or relabelled; Train and recipes take it.",
    )
    _render_pair(edits, finished)


def _render_pair(edits: Edits, finished: list[Run]) -> None:
    st.header("Train with and without")
    st.caption(
        f"Two runs with the same seed that differ only in the edits (rows: "
        f"{len(edits.rows):,}). Rows that validation keeps are not edited."
    )
    recipes = {_QUICK: QUICK} | {r.run_id: r.recipe for r in finished}
    base = st.selectbox(
        "Recipe",
        list(recipes),
        key="labels_recipe",
        format_func=lambda name: (
            f"Quick: cnn, {EPOCHS} epochs" if name == _QUICK else shorten(name)
        ),
    )
    pair = [_find_run(name) for name in name_pair(base, edits)]
    if not all(pair):
        st.button(
            "Train both",
            icon=":material/model_training:",
            type="primary",
            key="labels_pair",
            on_click=partial(act, start_edit_pair, recipes[base], base, edits),
            **get_lock(Action.START_RUN),
        )
    runs = [run for run in pair if run]
    is_active = any(run.load_state() in ACTIVE_STATES for run in runs)
    st.fragment(_render_trained, run_every=choose_interval(POLL_SECONDS) if is_active else None)(
        runs, is_active=is_active
    )


def _render_trained(runs: list[Run], *, is_active: bool) -> None:
    """Draw the progress of the two runs and, once both are finished, the effect of the edits."""
    with show_errors("labels: with and without"):
        states = [run.load_state() for run in runs]
        if is_active and not any(state in ACTIVE_STATES for state in states):
            st.rerun()
        for run, state in zip(runs, states, strict=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(escape_name(run.run_id), width="content")
                render_badge(state)
        if states != [RunState.FINISHED] * 2:
            return
        names = {run.run_id: None for run in runs}
        st.markdown(escape_markdown(conclude(compare_runs(*runs), names)))
        st.page_link(
            "pages/compare.py",
            label="Compare them",
            icon=":material/compare_arrows:",
            query_params=dict(zip("ab", names, strict=True)),
        )


def _find_run(run_id: str) -> Run | None:
    with suppress(RunError):
        return open_run(run_id)
    return None
