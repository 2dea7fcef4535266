"""Limit how often a name, and all names together, may be tried with a wrong PIN or code."""

from __future__ import annotations

import time

from fmnist import settings
from fmnist.access import store
from fmnist.errors import AccessError


def count_attempt(key: str) -> int:
    """Count an attempt before it is checked, so that simultaneous attempts are counted.

    Args:
        key: the key of the name that is tried.

    Returns:
        Its number, for ``forget_attempt`` once it has succeeded.

    Raises:
        AccessError: there were too many for this name or in all.
    """
    now = time.time()
    since = now - settings.SIGN_IN_SECONDS
    with store.transaction() as database:
        database.execute("DELETE FROM attempts WHERE at < ?", (since,))
        of_name, in_all = database.execute(
            "SELECT count(*) FILTER (WHERE key = ?), count(*) FROM attempts", (key,)
        ).fetchone()
        if of_name >= settings.SIGN_IN_ATTEMPTS or in_all >= settings.SIGN_IN_ATTEMPTS_IN_ALL:
            whom = "for this name" if of_name >= settings.SIGN_IN_ATTEMPTS else "in this class"
            raise AccessError(
                f"Too many failed sign-ins {whom}. Wait {settings.SIGN_IN_SECONDS // 60} minutes."
            )
        attempt = database.execute("INSERT INTO attempts (key, at) VALUES (?, ?)", (key, now))
        return int(attempt.lastrowid or 0)


def forget_attempt(attempt: int) -> None:
    """Drop an attempt that has succeeded."""
    with store.transaction() as database:
        database.execute("DELETE FROM attempts WHERE id = ?", (attempt,))
