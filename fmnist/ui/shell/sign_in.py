"""The sign-in of classroom mode in place of a page, and the name in the sidebar."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fmnist import settings
from fmnist.access.roles import Person, Role
from fmnist.errors import FmnistError
from fmnist.runs import list_runs
from fmnist.study import list_studies
from fmnist.ui.shell.access import Visit, find_visitor, get_token, leave
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.messages import show_error, show_warning
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.run_lifecycle import act

_NAME, _PIN, _CODE = "class_name", "class_pin", "class_code"
"""Keys of the fields."""


def require_visitor() -> None:
    """Continue for people who are signed in and for guests; else draw the sign-in and stop."""
    if not settings.is_classroom():
        return
    try:
        person = find_visitor()
    except FmnistError as error:
        show_error(error, icon=":material/database_off:")
        st.stop()
    if person is None:
        _forget_parts()
        _render_sign_in()
        st.stop()
    _render_person(person)


def end_if_signed_out() -> None:
    """Draw the whole page again, and so the sign-in, if the session has ended; for fragments."""
    if settings.is_classroom() and find_visitor() is None:
        st.rerun()


def _forget_parts() -> None:
    """Drop the self-refreshing fragments of the previous page.

    ``st.stop`` keeps them, so a pending refresh would draw into a page that no longer exists and
    cause an error in the browser (``ScriptRunner._run_script`` clears them only after a complete
    run).
    """
    if (context := get_script_run_ctx()) is not None:
        context.fragment_storage.clear()


def _render_sign_in() -> None:
    visit = get_state(Visit)
    st.title("Sign in")
    st.caption("To Fashion-MNIST Lab. Your name is shown with the runs that you start.")
    if visit.name:
        show_warning(
            f"{visit.name} is signed out: the name was revoked, or the session expired. Sign in "
            "again, or ask your teacher.",
            icon=":material/logout:",
        )
    with st.container(width=460):
        if settings.offers_oidc():
            st.button(
                "Sign in with your school's account",
                icon=":material/account_circle:",
                width="stretch",
                on_click=st.login,
            )
        with st.form("class_sign_in"):
            st.text_input("Name", key=_NAME, max_chars=40, autocomplete="username")
            st.text_input(
                "Class PIN",
                key=_PIN,
                type="password",
                max_chars=20,
                autocomplete="off",
                help="Your teacher has it. Teachers use their own PIN.",
            )
            st.text_input(
                "Your code, if you used this name before",
                key=_CODE,
                max_chars=20,
                autocomplete="off",
                help="You got it when you first signed in. Forgotten? Your teacher can give you "
                "a new one.",
            )
            st.form_submit_button(
                "Sign in", type="primary", icon=":material/login:", width="stretch", on_click=_enter
            )
        st.button(
            "Look around as a guest",
            icon=":material/visibility:",
            type="tertiary",
            on_click=_enter_as_guest,
            help="Guests see everything and can predict; they can't change anything.",
        )


def _enter() -> None:
    from fmnist.access.people import sign_in

    visit = get_state(Visit)

    def enter() -> None:
        name, pin, code = (str(read_widget(key, "")) for key in (_NAME, _PIN, _CODE))
        visit.code = sign_in(name, pin, code, get_token(), is_taken=_is_taken)

    act(enter)


def _enter_as_guest() -> None:
    visit = get_state(Visit)
    visit.is_guest, visit.name = True, ""


def _is_taken(name: str) -> bool:
    """Return whether a name owns runs or studies created before classroom mode."""
    owners = {run.owner for run in list_runs()} | {study.owner for study in list_studies()}
    return name.casefold() in {owner.casefold() for owner in owners}


def _render_person(person: Person) -> None:
    visit = get_state(Visit)
    with st.sidebar.container(horizontal=True, vertical_alignment="center", key="class_person"):
        if person.role is Role.GUEST:
            st.caption("You look around as a guest.", width="content")
            st.button("Sign in", icon=":material/login:", type="tertiary", on_click=leave)
        else:
            icon = "school" if person.role is Role.TEACHER else "person"
            st.caption(
                f":material/{icon}: {escape_name(person.name)} ({person.role})", width="content"
            )
            st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=_leave)
    # Always in a container: otherwise the following elements would move under the page's fragments.
    with st.container():
        if visit.code:
            _render_code(visit)


def _render_code(visit: Visit) -> None:
    """Show a new name its code, until the person has noted it."""
    with st.container(border=True, key="class_new_code"):
        st.markdown(
            f"Welcome, {escape_name(visit.name)}. **Your code is {visit.code[:3]} "
            f"{visit.code[3:]}.** Write it down: you need it to sign in with this name again."
        )
        st.button("I have written it down", icon=":material/check:", on_click=_forget_code)


def _leave() -> None:
    act(leave)
    if settings.offers_oidc() and st.user.get("is_logged_in"):
        st.logout()


def _forget_code() -> None:
    get_state(Visit).code = ""
