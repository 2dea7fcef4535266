"""The names of a class, from a teacher's view."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fmnist.access import store
from fmnist.access.hashing import hash_secret
from fmnist.access.people import add_person, clean_name, find_row, make_code
from fmnist.access.roles import Role
from fmnist.errors import AccessError


@dataclass(frozen=True, slots=True)
class Member:
    """A person from a teacher's view.

    Attributes:
        name: their name, as in a run's owner.
        role: teacher or student.
        created: when the name was first used, in seconds since the epoch.
        is_revoked: whether the name can't be used any more.
        is_signed_in: whether a browser is signed in under it.
    """

    name: str
    role: Role
    created: float
    is_revoked: bool
    is_signed_in: bool


def give_code(name: str) -> str:
    """Give a name a new code, ending its old one and its sessions; add a student if it is new.

    Raises:
        AccessError: the name isn't allowed, or is that of a teacher.
    """
    code = make_code()
    known = find_row(name.casefold()) or find_row(clean_name(name).casefold())
    if known is None:
        add_person(clean_name(name), Role.STUDENT, code)
        return code
    if known["role"] == Role.TEACHER:
        raise AccessError(f"{known['name']} is a teacher, who signs in with the teacher's PIN.")
    with store.transaction() as database:
        database.execute(
            "UPDATE people SET code = ? WHERE name = ?", (hash_secret(code), known["name"])
        )
        database.execute("DELETE FROM sessions WHERE name = ?", (known["name"],))
    return code


def revoke(name: str) -> None:
    """Sign a name out everywhere and block it; its runs are kept.

    Raises:
        AccessError: there is no such name.
    """
    _set_revoked(name, time.time())


def readmit(name: str) -> None:
    """Let a revoked name sign in again.

    Raises:
        AccessError: there is no such name.
    """
    _set_revoked(name, None)


def list_people() -> list[Member]:
    """Return all names, teachers first, then by name."""
    rows = store.query(
        "SELECT people.name, role, created, revoked, count(token) AS sessions FROM people"
        " LEFT JOIN sessions ON sessions.name = people.name AND ends > ?"
        " GROUP BY people.name ORDER BY role DESC, key",
        time.time(),
    )
    return [
        Member(
            row["name"],
            Role(row["role"]),
            row["created"],
            row["revoked"] is not None,
            row["sessions"] > 0,
        )
        for row in rows
    ]


def _set_revoked(name: str, moment: float | None) -> None:
    with store.transaction() as database:
        done = database.execute(
            "UPDATE people SET revoked = ? WHERE key = ?", (moment, name.casefold())
        )
        if not done.rowcount:
            raise AccessError(f"There is no one named {name} in this class.")
        database.execute(
            "DELETE FROM sessions WHERE name IN (SELECT name FROM people WHERE key = ?)",
            (name.casefold(),),
        )
