"""Actions on the chosen runs: open, note, download, delete, restore."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from fmnist.access.roles import Action
from fmnist.runs import (
    Notes,
    Run,
    RunSummary,
    load_notes,
    measure_bundle,
)
from fmnist.runs.owners import find_person
from fmnist.ui.runs.table import choose_runs, get_chosen_ids
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import (
    delete_run,
    erase_run,
    list_restorable,
    offer_bundle,
    restore_run,
    save_notes,
)
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.page_state import read_widget
from fmnist.ui.shell.run_lifecycle import attempt, delete, render_trash, restore
from fmnist.ui.widgets.downloads import render_download, render_download_button

_ALL: Final = ""
"""Stands for all chosen runs in the box that selects whose notes are edited."""

_MAX_LINKS: Final = 12


def render_actions(chosen: Sequence[RunSummary], known_tags: Sequence[str]) -> None:
    """Draw the actions for the chosen runs, and the problems with their files.

    Args:
        chosen: the chosen runs, at least one.
        known_tags: tags of all runs, offered as options.
    """
    runs = [summary.run for summary in chosen]
    download, remove, note = (
        _find_reason(action, runs)
        for action in (Action.DOWNLOAD_RUN, Action.DELETE_RUN, Action.ANNOTATE_RUN)
    )
    size = measure_bundle(runs) / 1e6
    subject = ",".join(run.run_id for run in runs)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Note and tags", icon=":material/edit_note:"):
            _render_notes(chosen, known_tags, note)
        render_download_button(
            f"Download as zip ({size:.1f} MB)",
            partial(offer_bundle, runs),
            subject=subject,
            key="runs_zip",
            icon=":material/folder_zip:",
            locked=download,
            help_text="All files of the run except the checkpoint.",
        )
        st.button(
            "Delete",
            icon=":material/delete:",
            key="runs_delete",
            on_click=_delete,
            args=(runs,),
            help=remove or "Undo restores them.",
            disabled=bool(remove),
        )
        st.button(
            "Clear selection",
            icon=":material/deselect:",
            type="tertiary",
            key="runs_none",
            on_click=choose_runs,
            args=([],),
        )
    render_download(subject)
    finished = [summary.run_id for summary in chosen if summary.report is not None]
    if finished:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("Evaluate", width="content")
            for run_id in finished[:_MAX_LINKS]:
                st.page_link(
                    "pages/evaluate.py",
                    label=escape_name(run_id),
                    icon=":material/fact_check:",
                    query_params={"run": run_id},
                    width="content",
                )
            if len(finished) == 1:
                st.page_link(
                    "pages/takeaway.py",
                    label="Take away",
                    icon=":material/inventory_2:",
                    query_params={"run": finished[0]},
                    width="content",
                )
            else:
                a, b, *more = finished[:_MAX_LINKS]
                st.page_link(
                    "pages/compare.py",
                    label="Compare them on the test images",
                    icon=":material/compare_arrows:",
                    query_params={"a": a, "b": b, "with": more},
                    width="content",
                )
    for summary in chosen:
        if summary.problem is not None:
            show_error(f"{summary.run_id}: {summary.problem}", icon=":material/broken_image:")


def _render_notes(chosen: Sequence[RunSummary], known_tags: Sequence[str], locked: str) -> None:
    by_id = {summary.run_id: summary for summary in chosen}
    run_id = next(iter(by_id))
    if len(by_id) > 1:
        run_id = st.selectbox(
            "Run",
            [_ALL, *by_id],
            key="runs_notes_of",
            format_func=lambda name: name or f"All chosen runs ({len(by_id)}): add tags",
        )
    old = by_id[run_id].notes if run_id else Notes()
    with st.form(f"runs_notes_{run_id}", border=False):
        if run_id:
            st.text_area("Note", old.note, key=f"runs_note_{run_id}", height=100)
        st.multiselect(
            "Tags",
            sorted({*known_tags, *old.tags}),
            default=list(old.tags),
            key=f"runs_tags_{run_id}",
            accept_new_options=True,
            placeholder="Type a tag and press Enter",
        )
        runs = [by_id[run_id].run] if run_id else [summary.run for summary in chosen]
        st.form_submit_button(
            "Save",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(run_id, runs),
            disabled=bool(locked),
            help=locked or None,
        )
    st.caption("Notes and tags do not change the recipe or the results.")


def _find_reason(action: Action, runs: Sequence[Run]) -> str:
    """Return why this session may not do something with one of the runs; empty if it may."""
    reasons = (find_reason(action, find_person(run.owner)) for run in runs)
    return next((reason for reason in reasons if reason), "")


def _save(run_id: str, runs: Sequence[Run]) -> None:
    tags = read_widget(f"runs_tags_{run_id}")
    note = read_widget(f"runs_note_{run_id}", "")

    def save(run: Run) -> None:
        if run_id:
            save_notes(run, Notes(note, tuple(tags)))
        else:
            before = load_notes(run)
            save_notes(run, Notes(before.note, (*before.tags, *tags)))

    saved = [attempt(save, run) for run in runs]
    if all(saved):
        st.toast("Saved.", icon=":material/check:")


def _delete(runs: Sequence[Run]) -> None:
    gone = delete("run", {run.run_id: partial(delete_run, run) for run in runs})
    choose_runs([run.run_id for run in runs if run.run_id not in gone])


def undo_delete(run_ids: Sequence[str]) -> None:
    """Restore deleted runs and choose them; for ``render_undo``."""
    back = restore("run", run_ids, restore_run)
    choose_runs(list(dict.fromkeys([*get_chosen_ids(), *back])))


def render_deleted_runs() -> None:
    """Draw the deleted runs, to restore or to erase."""
    render_trash("run", list_restorable(), restore=undo_delete, erase=erase_run)
