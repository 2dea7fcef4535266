"""People of a class: names, roles, PINs, and who is signed in.

A new name needs the class PIN. It gets its own code, shown once, which is required when the
name signs in again: otherwise everyone who knows the class PIN could sign in as anyone. A teacher
signs in with the teacher's PIN instead.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Callable
from typing import Final

from fmnist.access import store
from fmnist.access.attempts import count_attempt, forget_attempt
from fmnist.access.hashing import hash_secret, hash_token, is_secret
from fmnist.access.pins import find_pin_role
from fmnist.access.roles import Person, Role
from fmnist.errors import AccessError

SESSION_HOURS: Final = 12
"""How long a sign-in lasts: a school day, but not overnight."""

CODE_DIGITS: Final = 6
"""With five tries in five minutes, a code is guessed after a year on average."""

_NAME: Final = re.compile(r"\w[\w .'-]{0,39}")
_RESERVED: Final = re.compile(r"study .*|study page|command line|unknown|you|guest|nobody")
"""Owners of runs that aren't people, and words that the pages use for a person."""


def clean_name(name: str) -> str:
    """Return the normal form of a name: composed characters, single spaces.

    Raises:
        AccessError: it can't be the name of a person.
    """
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name.casefold()):
        raise AccessError(
            f"“{name[:40]}” can't be a name. Use up to 40 letters, digits, spaces and the "
            "characters . ' - _, with a letter or digit first; words such as “guest” are taken."
        )
    return name


def sign_in(
    name: str,
    pin: str,
    code: str,
    token: str,
    *,
    is_taken: Callable[[str], bool] = lambda _: False,
) -> str:
    """Sign a session in under a name.

    Args:
        name: the person's name; a new one is added to the class.
        pin: the class PIN, or the teacher's.
        code: the code of the name, empty for a new name and for a teacher.
        token: identifies the session; random.
        is_taken: returns whether earlier runs belong to a name that is new to the class.

    Returns:
        The code of a new name, to be shown once; else empty.

    Raises:
        AccessError: PIN, code or name is not right, the name is revoked, or there were too many
            attempts.
    """
    name = clean_name(name)
    key = name.casefold()
    attempt = count_attempt(key)
    role = find_pin_role(pin.strip())
    known = find_row(key)
    if role is None or (known is not None and not _may_enter(known, role, code)):
        raise AccessError(
            "Name, PIN and code don't fit together. A name that was used before needs its code; "
            "your teacher can give you a new one."
        )
    if known is not None and known["revoked"] is not None:
        raise AccessError(f"The name {known['name']} was revoked. Ask your teacher.")
    new_code = ""
    if known is None:
        if is_taken(name):
            raise AccessError(
                f"Runs from before belong to the name {name}. Choose another one, or ask your "
                "teacher for its code."
            )
        new_code = "" if role is Role.TEACHER else make_code()
        add_person(name, role, new_code)
    forget_attempt(attempt)
    _open_session(name if known is None else known["name"], token)
    return new_code


def find_person(token: str) -> Person | None:
    """Return the person signed in to a session, or None."""
    rows = store.query(
        "SELECT people.name, role FROM sessions JOIN people USING (name)"
        " WHERE token = ? AND ends > ? AND revoked IS NULL",
        hash_token(token), time.time(),
    )  # fmt: skip
    return Person(rows[0]["name"], Role(rows[0]["role"])) if rows else None


def sign_out(token: str) -> None:
    """End the session of a token."""
    with store.transaction() as database:
        database.execute("DELETE FROM sessions WHERE token = ?", (hash_token(token),))


def admit(name: str, role: Role) -> Person | None:
    """Return the person identified by another service, adding them on first use.

    Args:
        name: their e-mail address; its @ keeps anyone from taking it with a PIN.
        role: their role, which replaces any earlier one.

    Returns:
        None if the name was revoked.
    """
    known = find_row(name.casefold())
    if known is None:
        add_person(name, role, "")
    elif known["revoked"] is not None:
        return None
    elif known["role"] != role:
        with store.transaction() as database:
            database.execute("UPDATE people SET role = ? WHERE name = ?", (role, known["name"]))
    return Person(name if known is None else known["name"], role)


def _may_enter(known: sqlite3.Row, role: Role, code: str) -> bool:
    if role is Role.TEACHER or known["role"] == Role.TEACHER:
        return bool(known["role"] == role)
    return known["code"] is not None and is_secret(_read_digits(code), known["code"])


def find_row(key: str) -> sqlite3.Row | None:
    """Return name, role, hashed code and revocation of a name, case-folded, or None."""
    rows = store.query("SELECT name, role, code, revoked FROM people WHERE key = ?", key)
    return rows[0] if rows else None


def add_person(name: str, role: Role, code: str) -> None:
    """Add a name to the class.

    Raises:
        AccessError: the name is in it.
    """
    hashed = hash_secret(code) if code else None
    try:
        with store.transaction() as database:
            database.execute(
                "INSERT INTO people (name, key, role, code, created) VALUES (?, ?, ?, ?, ?)",
                (name, name.casefold(), role, hashed, time.time()),
            )
    except AccessError as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):  # two browsers at the same time
            raise AccessError(f"The name {name} was taken just now. Choose another one.") from error
        raise


def _open_session(name: str, token: str) -> None:
    now = time.time()
    ends = now + 3600 * SESSION_HOURS
    with store.transaction() as database:
        database.execute("DELETE FROM sessions WHERE ends < ?", (now,))
        database.execute("REPLACE INTO sessions VALUES (?, ?, ?)", (hash_token(token), name, ends))


def make_code() -> str:
    """Return a new random code for a name."""
    return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))


def _read_digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isdigit())
