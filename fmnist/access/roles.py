"""Who may do what: the table of actions and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The role of a person in the class; a guest has no name."""

    TEACHER = "teacher"
    STUDENT = "student"
    GUEST = "guest"


class Scope(StrEnum):
    """The runs and studies on which a role may act."""

    NONE = "none"
    OWN = "own"
    ALL = "all"


class Action(StrEnum):
    """Actions that change something or reveal more than the pages show; their names in the log."""

    START_RUN = "start run"
    STOP_RUN = "stop run"
    RESUME_RUN = "resume run"
    DELETE_RUN = "delete run"
    RESTORE_RUN = "restore run"
    ANNOTATE_RUN = "save notes"
    MOVE_RUN = "move in queue"
    DOWNLOAD_RUN = "download run"
    START_RANGE_TEST = "start range test"
    CANCEL_RANGE_TEST = "cancel range test"
    START_STUDY = "start study"
    STOP_STUDY = "stop study"
    RESUME_STUDY = "resume study"
    EXTEND_STUDY = "extend study"
    DELETE_STUDY = "delete study"
    RESTORE_STUDY = "restore study"
    UPLOAD_EDITS = "upload edits"
    JUDGE_LABELS = "judge labels"
    CHECK_LABELS = "check labels"
    COMPUTE_MAP = "compute map"
    RELOAD_DATA = "reload data"
    MANAGE_CLASS = "manage class"


_STUDENT: Final[Mapping[Action, Scope]] = {
    **dict.fromkeys(Action, Scope.OWN),
    # Moving to the front of the queue affects everyone else.
    Action.MOVE_RUN: Scope.NONE,
    # Everyone shares the data set.
    Action.RELOAD_DATA: Scope.NONE,
    # Five trainings, and a search that takes the whole machine for a minute.
    Action.CHECK_LABELS: Scope.NONE,
    Action.MANAGE_CLASS: Scope.NONE,
}

RIGHTS: Final[Mapping[Role, Mapping[Action, Scope]]] = {
    Role.TEACHER: dict.fromkeys(Action, Scope.ALL),
    Role.STUDENT: _STUDENT,
    Role.GUEST: dict.fromkeys(Action, Scope.NONE),
}
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person who uses the pages.

    Attributes:
        name: their name, as in a run's owner; empty for a guest.
        role: their role, which determines what they may do.
    """

    name: str
    role: Role


GUEST: Final = Person("", Role.GUEST)


def find_refusal(person: Person, action: Action, owner: str) -> str:
    """Return why a person may not do something; empty if they may.

    Args:
        person: the person who asks.
        action: the requested action.
        owner: the owner of the run or study; the person's own name for a new one, empty for
            unknown.
    """
    scope = RIGHTS[person.role][action]
    if scope is Scope.ALL or (scope is Scope.OWN and person.name and owner == person.name):
        return ""
    if person.role is Role.GUEST:
        return "A guest can look and predict. Sign in with your name to change something."
    if scope is Scope.OWN:
        return f"It belongs to {owner or 'no one in this class'}: only they or a teacher may."
    return "Only a teacher may do this."
