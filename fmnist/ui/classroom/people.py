"""The people of the class and what they use, and the actions for one name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from fmnist.access.roles import Role
from fmnist.access.roster import Member, list_people
from fmnist.runs import ACTIVE_STATES, RunState, list_runs
from fmnist.runs.owners import find_person, measure_disk
from fmnist.ui.classroom.manage import (
    clear_name,
    give_new_code,
    readmit_name,
    revoke_name,
)
from fmnist.ui.shell.changes import restore_run, restore_study
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.run_lifecycle import act, render_undo, restore
from fmnist.ui.shell.usage import count_studies


@dataclass
class NewCode:
    """The code that was given last, until the teacher has passed it on."""

    name: str = ""
    code: str = ""


def render_people() -> None:
    """Draw the table of names, and the actions for one of them."""
    members = list_people()
    st.dataframe(
        _build_rows(members),
        hide_index=True,
        key="class_people",
        placeholder="–",
        column_config={
            "Name": st.column_config.TextColumn(pinned=True),
            "Disk (MB)": st.column_config.NumberColumn(format="%.1f"),
        },
    )
    st.caption(
        "Runs and studies count for the person who started them. Names that are not in the class "
        "own runs from before it."
    )
    _render_actions(members)
    render_undo("run", _undo_runs)
    render_undo("study", _undo_studies)
    _render_code_form()


def _build_rows(members: Sequence[Member]) -> list[dict[str, Any]]:
    disk = measure_disk()
    waiting: Counter[str] = Counter()
    training: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for run in list_runs():
        state = run.load_state()
        count = waiting if state is RunState.QUEUED else ended
        count = training if state in ACTIVE_STATES and count is ended else count
        count[find_person(run.owner)] += 1
    known = {member.name: member for member in members}
    others = sorted({*waiting, *training, *ended, *disk} - set(known))
    return [
        {
            "Name": name or "nobody",
            "Role": known[name].role.value if name in known else None,
            "State": _describe(known[name]) if name in known else "not in the class",
            "Waiting": waiting[name],
            "Training": training[name],
            "Ended": ended[name],
            "Active studies": count_studies(name),
            "Disk (MB)": disk[name] / 1e6,
        }
        for name in [*known, *others]
    ]


def _describe(member: Member) -> str:
    if member.is_revoked:
        return "revoked"
    return "signed in" if member.is_signed_in else "away"


def _render_actions(members: Sequence[Member]) -> None:
    if not members:
        return
    by_name = {member.name: member for member in members}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Name", list(by_name), key="class_name_chosen", width=260)
        member, shown = by_name[name], escape_name(name)
        st.button(
            "Clear runs",
            icon=":material/delete_sweep:",
            key="class_clear",
            on_click=partial(act, clear_name, name),
            help=f"Stop and delete all runs and studies of {shown}. Undo restores them.",
        )
        if member.is_revoked:
            st.button(
                "Readmit",
                icon=":material/person_add:",
                key="class_readmit",
                on_click=partial(act, readmit_name, name),
            )
        else:
            st.button(
                "Revoke",
                icon=":material/person_off:",
                key="class_revoke",
                on_click=partial(act, revoke_name, name),
                help=f"Sign {shown} out everywhere and refuse the name. Its runs stay.",
            )
        if member.role is Role.STUDENT:
            st.button(
                "New code",
                icon=":material/password:",
                key="class_code",
                on_click=partial(act, _give_code, name),
                help=f"For {shown}, who has forgotten the old one, which ends.",
            )


def _render_code_form() -> None:
    """Offer a code for a name that is not in the class, and show the code given last."""
    with st.popover("Add a name", icon=":material/person_add:"):
        st.text_input("New name", key="class_new_name", max_chars=40)
        st.caption("People can also add themselves, with the class PIN.")
        st.button("Add", key="class_add", on_click=_add)
    given = get_state(NewCode)
    if given.code:
        with st.container(horizontal=True, vertical_alignment="center"):
            code = f"{given.code[:3]} {given.code[3:]}"
            st.markdown(f"Code of {escape_name(given.name)}: **{code}**", width="content")
            st.button("Done", key="class_code_done", on_click=_forget_code)


def _undo_runs(names: Sequence[str]) -> None:
    restore("run", names, restore_run)


def _undo_studies(names: Sequence[str]) -> None:
    restore("study", names, restore_study)


def _add() -> None:
    act(_give_code, str(read_widget("class_new_name", "")))


def _give_code(name: str) -> None:
    given = get_state(NewCode)
    given.name, given.code = name, give_new_code(name)


def _forget_code() -> None:
    given = get_state(NewCode)
    given.name = given.code = ""
