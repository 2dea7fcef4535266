"""The append-only log of changes: who did what to which run, and what was refused."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

from fmnist.access import store
from fmnist.access.roles import Person

Outcome = Literal["done", "refused", "failed"]

MAX_REFUSALS: Final = 30
"""Refusals of one person that are logged per minute, so that a program that repeats a refused
request can't fill the disk."""

_MAX_TEXT: Final = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log.

    Attributes:
        at: seconds since the epoch.
        name: the person who asked; empty for a guest.
        role: their role at that moment.
        action: the requested action.
        subject: the run, study, name or setting; empty if there is none.
        outcome: whether it was done, refused, or allowed and failed.
        reason: why it was not done; otherwise empty.
    """

    at: float
    name: str
    role: str
    action: str
    subject: str
    outcome: Outcome
    reason: str = ""


def record_change(
    person: Person, action: str, subject: str, outcome: Outcome = "done", reason: str = ""
) -> None:
    """Add a line to the log.

    Raises:
        AccessError: the database can't be written.
    """
    now = time.time()
    with store.transaction() as database:
        if outcome == "refused":
            (count,) = database.execute(
                "SELECT count(*) FROM changes WHERE at > ? AND name = ? AND outcome = 'refused'",
                (now - 60, person.name),
            ).fetchone()
            if count >= MAX_REFUSALS:
                return
        database.execute(
            "INSERT INTO changes (at, name, role, action, subject, outcome, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (now, person.name, person.role, action, subject[:_MAX_TEXT], outcome,
             reason[:_MAX_TEXT]),
        )  # fmt: skip


def load_changes(limit: int = 500) -> list[Change]:
    """Return the last lines of the log, newest first.

    Raises:
        AccessError: the database can't be read.
    """
    rows = store.query(
        "SELECT at, name, role, action, subject, outcome, reason FROM changes"
        " ORDER BY id DESC LIMIT ?",
        limit,
    )
    return [Change(**dict(row)) for row in rows]
