"""The queue in classroom mode: round robin over people, and a teacher's pause."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.access import store
from fmnist.access.turns import record_turn
from fmnist.errors import RunError
from fmnist.launching import is_queue_paused, list_queue, start_run
from fmnist.launching.turns import note_turn
from fmnist.runs import Recipe
from fmnist.study import StudyPlan
from fmnist.study.store import create_study
from tests.support.classroom import Classroom, open_classroom
from tests.support.pages import hold_dispatcher


@pytest.fixture(autouse=True)
def held(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_dispatcher(monkeypatch)


@pytest.fixture
def classroom(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    return open_classroom(monkeypatch)


def queue_up(*owners: str) -> None:
    for number, owner in enumerate(owners):
        start_run(Recipe("baseline"), run_id=f"{number}-{owner}", owner=owner)


def read_queue() -> list[str]:
    return [run.run_id for run in list_queue()]


def test_order_stays_as_it_is_without_classroom_mode() -> None:
    queue_up("Ada", "Ada", "Bob")
    assert read_queue() == ["0-Ada", "1-Ada", "2-Bob"]
    assert not is_queue_paused()
    assert not store.database_path().exists()


def test_owners_take_turns(classroom: Classroom) -> None:
    queue_up("Ada", "Ada", "Ada", "Bob", "Eve", "Bob")
    assert read_queue() == ["0-Ada", "3-Bob", "4-Eve", "1-Ada", "5-Bob", "2-Ada"]
    record_turn("Ada")
    assert read_queue() == ["3-Bob", "4-Eve", "0-Ada", "5-Bob", "1-Ada", "2-Ada"]


def test_runs_of_a_study_are_its_owners(classroom: Classroom) -> None:
    study = create_study(StudyPlan("repeat", Recipe("baseline"), trials=2), name="s", owner="Ada")
    queue_up("Ada", study.run_owner, "Bob")
    assert read_queue() == ["0-Ada", "2-Bob", "1-study s"]
    note_turn(list_queue()[2])
    assert read_queue() == ["2-Bob", "0-Ada", "1-study s"]


def test_queue_goes_on_where_the_database_is_damaged(classroom: Classroom) -> None:
    queue_up("Ada", "Ada", "Bob")
    store._connections.pop(store.database_path()).close()
    store.database_path().write_bytes(b"damaged " * 1000)
    assert read_queue() == ["0-Ada", "1-Ada", "2-Bob"]
    assert not is_queue_paused()
    note_turn(list_queue()[0])


def test_refused_run_is_not_made(isolated: Path) -> None:
    def refuse(waiting: object) -> None:
        raise RunError("too many")

    with pytest.raises(RunError, match="too many"):
        start_run(Recipe("baseline"), run_id="a", check_queue=refuse)
    assert read_queue() == []
    assert not (isolated / "a").exists()
