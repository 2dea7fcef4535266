"""The class PIN and the teacher's PIN, stored only as hashes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from fmnist.access import store
from fmnist.access.hashing import hash_secret, is_secret
from fmnist.access.roles import Role

CLASS_PIN_DIGITS: Final = 6
TEACHER_PIN_DIGITS: Final = 10
"""Longer: it opens everything, and one person types it."""

_NAMES: Final = {Role.STUDENT: "class pin", Role.TEACHER: "teacher pin"}


@dataclass(frozen=True, slots=True)
class Pins:
    """The PINs, shown only once.

    Attributes:
        class_pin: the PIN with which students sign in, six digits.
        teacher_pin: the PIN with which teachers sign in, ten digits.
    """

    class_pin: str
    teacher_pin: str


def make_pins(*, only_if_new: bool = False) -> Pins | None:
    """Replace both PINs; people stay signed in.

    Args:
        only_if_new: whether to keep existing PINs.

    Returns:
        The new PINs, or None if existing ones were kept.
    """
    if only_if_new and store.query("SELECT 1 FROM facts WHERE name = 'class pin'"):
        return None
    pins = Pins(_draw(CLASS_PIN_DIGITS), _draw(TEACHER_PIN_DIGITS))
    rows = [
        (_NAMES[Role.STUDENT], hash_secret(pins.class_pin)),
        (_NAMES[Role.TEACHER], hash_secret(pins.teacher_pin)),
    ]
    with store.transaction() as database:
        how = "INSERT OR IGNORE" if only_if_new else "REPLACE"
        done = database.executemany(f"{how} INTO facts VALUES (?, ?)", rows)
        return pins if done.rowcount else None


def describe_pins(pins: Pins) -> str:
    """Return both PINs in words, for a terminal."""
    return (
        f"Class PIN: {pins.class_pin}. Teacher's PIN: {pins.teacher_pin}. Note them: they are kept "
        "hashed, and `python -m fmnist classroom --new-pins` makes new ones."
    )


def find_pin_role(pin: str) -> Role | None:
    """Return whose PIN this is: the students', the teachers', or None."""
    hashed = {
        row["name"]: row["value"]
        for row in store.query("SELECT name, value FROM facts WHERE name LIKE '% pin'")
    }
    # Compares lengths first, so that only one of the two hashes is computed.
    role = Role.TEACHER if len(pin) == TEACHER_PIN_DIGITS else Role.STUDENT
    wanted = hashed.get(_NAMES[role])
    return role if wanted is not None and is_secret(pin, wanted) else None


def _draw(digits: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(digits))
