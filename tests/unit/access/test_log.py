from __future__ import annotations

import pytest

from fmnist.access import store
from fmnist.access.log import MAX_REFUSALS, load_changes, record_change
from fmnist.access.roles import GUEST, Person, Role
from fmnist.errors import AccessError
from tests.support.classroom import Classroom

ADA = Person("Ada", Role.STUDENT)


def test_log_has_who_what_which_and_how_it_ended(classroom: Classroom) -> None:
    record_change(ADA, "delete run", "a-run")
    record_change(GUEST, "start run", "", "refused", "Sign in.")
    newest, oldest = load_changes()
    assert (newest.name, newest.role, newest.outcome, newest.reason) == (
        "", "guest", "refused", "Sign in."
    )  # fmt: skip
    assert (oldest.name, oldest.action, oldest.subject, oldest.outcome) == (
        "Ada", "delete run", "a-run", "done"
    )  # fmt: skip
    assert newest.at >= oldest.at
    assert load_changes(1) == [newest]


@pytest.mark.parametrize("sql", ["DELETE FROM changes", "UPDATE changes SET name = 'Bob'"])
def test_log_is_append_only(classroom: Classroom, sql: str) -> None:
    record_change(ADA, "delete run", "a-run")
    with pytest.raises(AccessError, match="append-only"), store.transaction() as database:
        database.execute(sql)
    assert [change.name for change in load_changes()] == ["Ada"]


def test_repeated_refusals_can_not_fill_the_disk(classroom: Classroom) -> None:
    for _ in range(MAX_REFUSALS + 5):
        record_change(ADA, "delete run", "x" * 10_000, "refused", "y" * 10_000)
    record_change(ADA, "delete run", "own")
    changes = load_changes(1000)
    assert len(changes) == MAX_REFUSALS + 1
    assert max(len(change.subject) for change in changes) == 300
