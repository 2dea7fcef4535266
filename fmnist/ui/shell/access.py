"""The person who uses this browser session in classroom mode, and their rights.

Without classroom mode everyone may do everything, and no module of ``fmnist.access`` that opens the
database is imported.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import streamlit as st

from fmnist import settings
from fmnist.access.roles import GUEST, Action, Person, Role, find_refusal
from fmnist.errors import AccessError, FmnistError
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.page_state import get_state

SESSION_COOKIE: Final = "fmnist_session"
"""Set by the server in classroom mode; random, and out of reach of scripts."""

NOBODY: Final = Person("someone alone on this machine", Role.TEACHER)
"""The person who uses the pages without classroom mode."""


@dataclass
class Visit:
    """A browser session's information about its person.

    Attributes:
        token: identifies the session if the browser sent no cookie.
        is_guest: whether the person continued without a name.
        name: the latest name with which the session was signed in.
        code: the code of a new name, until the person has written it down.
    """

    token: str = field(default_factory=partial(secrets.token_urlsafe, 32))
    is_guest: bool = False
    name: str = ""
    code: str = ""


def get_token() -> str:
    """Return the random token of this browser session.

    It is the cookie's, which survives a reload; without a cookie, it lasts as long as the page.
    """
    cookie = st.context.cookies.get(SESSION_COOKIE, "")
    return cookie if len(cookie) >= 32 else get_state(Visit).token


def find_visitor() -> Person | None:
    """Return the user of this session: a person, a guest, or None before signing in.

    Raises:
        AccessError: the class's database can't be read.
    """
    if not settings.is_classroom():
        return NOBODY
    from fmnist.access.people import find_person

    visit = get_state(Visit)
    person = find_person(get_token()) or _find_oidc_person()
    if person is not None:
        visit.name = person.name
        return person
    return GUEST if visit.is_guest and not visit.name else None


def find_reason(action: Action, owner: str | None = None) -> str:
    """Return in Markdown why this session may not do something; empty if it may.

    Args:
        action: the action of the button.
        owner: the owner of the run or study; None for a new one of the person's.
    """
    if not settings.is_classroom():
        return ""
    person = find_visitor() or GUEST
    return escape_markdown(find_refusal(person, action, person.name if owner is None else owner))


def get_lock(action: Action, owner: str | None = None) -> dict[str, Any]:
    """Return the arguments that disable a button, with the reason, if ``find_reason`` has one.

    They only inform people; ``permit`` enforces the rights.
    """
    reason = find_reason(action, owner)
    return {"disabled": True, "help": reason} if reason else {}


@contextmanager
def permit(action: Action, subject: str, owner: str | None = None) -> Iterator[Person]:
    """Run the block if this session may do so, and log the outcome.

    This is the one place where rights are enforced. It queries the database at the time of the
    change, regardless of what the page showed.

    Args:
        action: the action of the block.
        subject: name of the run, study or setting.
        owner: its owner; None for a new one of the person.

    Raises:
        AccessError: this session may not.
    """
    if not settings.is_classroom():
        yield NOBODY
        return
    from fmnist.access.log import record_change

    person = find_visitor()
    if person is None:
        reason = "You are signed out. Reload the page and sign in."
        record_change(GUEST, action, subject, "refused", reason)
        raise AccessError(reason)
    reason = find_refusal(person, action, person.name if owner is None else owner)
    if reason:
        record_change(person, action, subject, "refused", reason)
        raise AccessError(f"{subject or action}: {reason}")
    try:
        yield person
    except AccessError as error:  # a limit
        record_change(person, action, subject, "refused", str(error))
        raise
    except FmnistError as error:
        record_change(person, action, subject, "failed", str(error))
        raise
    record_change(person, action, subject)


def is_teacher() -> bool:
    """Return whether this session is a teacher's, in classroom mode."""
    if not settings.is_classroom():
        return False
    person = find_visitor()
    return person is not None and person.role is Role.TEACHER


def leave() -> None:
    """Sign this session out."""
    from fmnist.access.people import sign_out

    sign_out(get_token())
    visit = get_state(Visit)
    visit.name = visit.code = ""
    visit.is_guest = False


def _find_oidc_person() -> Person | None:
    """Return the person identified by Streamlit's own sign-in with a verified address."""
    if not settings.offers_oidc() or not st.user.get("is_logged_in"):
        return None
    from fmnist.access.people import admit

    email = str(st.user.get("email") or "").strip()
    if "@" not in email or st.user.get("email_verified") is False:
        return None
    teachers = st.secrets.get("classroom", {}).get("teachers", [])
    is_teacher = email.casefold() in {str(name).casefold() for name in teachers}
    return admit(email, Role.TEACHER if is_teacher else Role.STUDENT)
