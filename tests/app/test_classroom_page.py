"""The Classroom page: what a teacher sees and changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.access.limits import load_limits
from fmnist.access.log import load_changes
from fmnist.access.people import find_person
from fmnist.access.roster import revoke
from fmnist.access.store import database_path
from fmnist.access.turns import is_paused
from fmnist.launching import start_run
from fmnist.runs import Recipe, list_deleted, list_runs
from fmnist.study import StudyPlan
from fmnist.study.store import create_study
from fmnist.ui.shell.access import Visit
from tests.support.classroom import Classroom
from tests.support.classroom_pages import enter, enter_alone, press, toasts
from tests.support.pages import find, open_alone, read_state, texts
from tests.support.runs import make_owned_run

pytestmark = pytest.mark.usefixtures("controlled")


def test_classroom_page_is_the_teachers(classroom: Classroom) -> None:
    app = enter_alone(classroom, "classroom", "Ada")
    assert "This page is for teachers" in texts(app)
    assert not app.dataframe
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        enter(classroom, "classroom", "Eve")


def test_classroom_page_is_nobodys_without_classroom_mode(isolated: Path) -> None:
    app = open_alone("classroom")
    assert "This page is for teachers" in texts(app)


def test_teacher_sees_who_uses_what(classroom: Classroom) -> None:
    classroom.join("Ada", "token-a")
    make_owned_run("finished", "done", "Ada")
    start_run(Recipe("cnn"), run_id="next", owner="Ada")
    app = enter(classroom, "classroom", "Grace")
    people = app.dataframe[0].value.set_index("Name")
    assert people.loc["Ada", ["Role", "State", "Waiting", "Ended"]].tolist() == [
        "student", "signed in", 1, 1
    ]  # fmt: skip
    assert people.loc["Ada", "Disk (MB)"] > 0
    assert people.loc["Grace", "Role"] == "teacher"


def test_teacher_pauses_and_resumes_the_queue(classroom: Classroom) -> None:
    app = enter(classroom, "classroom", "Grace")
    press(app, "class_pause")
    assert is_paused()
    start_run(Recipe("cnn"), run_id="next", owner="Ada")
    assert "A teacher has paused the queue" in texts(enter(classroom, "train"))
    press(app, "class_pause")
    assert not is_paused()


def test_teacher_clears_a_name_and_undoes_it(classroom: Classroom) -> None:
    classroom.join("Ada", "token-a")
    for run_id, owner in (("a1", "Ada"), ("a2", "Ada"), ("b1", "Bob")):
        make_owned_run("finished", run_id, owner)
    start_run(Recipe("cnn"), run_id="a3", owner="Ada")
    create_study(StudyPlan("repeat", Recipe("baseline"), trials=2), name="s", owner="Ada")
    app = enter(classroom, "classroom", "Grace")
    app.selectbox(key="class_name_chosen").set_value("Ada").run()
    press(app, "class_clear")
    assert [run.run_id for run in list_runs()] == ["b1"]
    assert list_deleted() == ["a1", "a2", "a3"]
    press(app, "undo_run")
    assert {run.run_id for run in list_runs()} == {"a1", "a2", "a3", "b1"}


def test_teacher_revokes_readmits_and_gives_a_code(classroom: Classroom) -> None:
    classroom.join("Ada", "token-a")
    app = enter(classroom, "classroom", "Grace")
    app.selectbox(key="class_name_chosen").set_value("Ada").run()
    press(app, "class_revoke")
    assert find_person("token-a") is None
    press(app, "class_readmit")
    press(app, "class_code")
    assert "Code of Ada:" in texts(app)
    app.selectbox(key="class_name_chosen").set_value("Grace").run()
    press(app, "class_revoke")
    assert "can't revoke your own name" in toasts(app)


def test_student_manages_nothing_by_a_page_that_a_teacher_left_open(classroom: Classroom) -> None:
    """The buttons of the teacher's page, pressed after the session has become a student's."""
    classroom.join("Ada", "token-a")
    app = enter(classroom, "classroom", "Grace")
    revoke("Grace")
    classroom.join("Eve", read_state(app, Visit).token)
    press(app, "class_pause")
    assert not is_paused()
    assert "Only a teacher" in toasts(app)


def test_limits_are_set_and_logged(classroom: Classroom) -> None:
    app = enter_alone(classroom, "classroom", "Grace")
    assert "Nobody has changed anything yet." in texts(app)
    app.number_input(key="class_limit_waiting").set_value(7)
    find(app.button, "Set the limits").click().run()
    assert load_limits()["waiting"] == 7
    (change,) = [c for c in load_changes() if c.subject.startswith("limits")]
    assert change.subject == "limits: waiting 3 to 7"
    assert "limits: waiting 3 to 7" in app.dataframe[1].value["Which"].tolist()


def test_damaged_database_is_a_message(classroom: Classroom) -> None:
    from fmnist.access import store

    store._connections.pop(database_path()).close()
    for path in database_path().parent.iterdir():
        path.write_bytes(b"damaged " * 1000)
    app = open_alone("train")
    assert "classroom.db can't be used" in " ".join(error.value for error in app.error)
    assert not app.exception
