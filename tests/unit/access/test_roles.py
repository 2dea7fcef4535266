from __future__ import annotations

import pytest

from fmnist.access.roles import GUEST, RIGHTS, Action, Person, Role, Scope, find_refusal

TEACHER = Person("Grace", Role.TEACHER)
STUDENT = Person("Ada", Role.STUDENT)


def test_table_names_every_role_and_action() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(set(rights) == set(Action) for rights in RIGHTS.values())


@pytest.mark.parametrize("action", Action)
def test_teacher_may_all_and_guest_nothing(action: Action) -> None:
    assert find_refusal(TEACHER, action, "Bob") == ""
    assert "Sign in" in find_refusal(GUEST, action, "")


@pytest.mark.parametrize("action", [Action.STOP_RUN, Action.DELETE_RUN, Action.ANNOTATE_RUN])
def test_student_changes_own_runs_alone(action: Action) -> None:
    assert find_refusal(STUDENT, action, "Ada") == ""
    assert find_refusal(STUDENT, action, "Bob") == (
        "It belongs to Bob: only they or a teacher may."
    )
    assert "no one in this class" in find_refusal(STUDENT, action, "")


@pytest.mark.parametrize("action", [Action.MANAGE_CLASS, Action.MOVE_RUN, Action.RELOAD_DATA])
def test_what_concerns_all_is_the_teachers(action: Action) -> None:
    assert RIGHTS[Role.STUDENT][action] is Scope.NONE
    assert find_refusal(STUDENT, action, "Ada") == "Only a teacher may do this."


def test_nameless_person_owns_nothing() -> None:
    assert find_refusal(Person("", Role.STUDENT), Action.DELETE_RUN, "") != ""
