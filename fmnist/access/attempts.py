"""Limits failed sign-ins with a wrong PIN or code, for each name and for all together."""

from __future__ import annotations

import time
from typing import Final

from fmnist.access import store
from fmnist.errors import AccessError

SIGN_IN_SECONDS: Final = 300
"""The period over which failed sign-ins are counted."""

SIGN_IN_ATTEMPTS: Final = 5
"""Failed sign-ins for a name in that time; more than that are not typos."""

SIGN_IN_ATTEMPTS_IN_ALL: Final = 100
"""Failed sign-ins of all names in that time: two for each of fifty people. Trying all class PINs
takes 10⁶ / 100 × 300 s, over a month."""


def count_attempt(key: str) -> int:
    """Count an attempt before it is checked, so that simultaneous ones are counted, too.

    Args:
        key: the key of the name that is tried.

    Returns:
        Its number, for ``forget_attempt`` once it has succeeded.

    Raises:
        AccessError: there were too many for this name or in all.
    """
    now = time.time()
    since = now - SIGN_IN_SECONDS
    with store.transaction() as database:
        database.execute("DELETE FROM attempts WHERE at < ?", (since,))
        of_name, in_all = database.execute(
            "SELECT count(*) FILTER (WHERE key = ?), count(*) FROM attempts", (key,)
        ).fetchone()
        if of_name >= SIGN_IN_ATTEMPTS or in_all >= SIGN_IN_ATTEMPTS_IN_ALL:
            whom = "for this name" if of_name >= SIGN_IN_ATTEMPTS else "in this class"
            raise AccessError(
                f"Too many failed sign-ins {whom}. Wait {SIGN_IN_SECONDS // 60} minutes."
            )
        attempt = database.execute("INSERT INTO attempts (key, at) VALUES (?, ?)", (key, now))
        return int(attempt.lastrowid or 0)


def forget_attempt(attempt: int) -> None:
    """Drop an attempt that has succeeded."""
    with store.transaction() as database:
        database.execute("DELETE FROM attempts WHERE id = ?", (attempt,))
