"""Classroom mode on the pages: sign-in, roles, limits, and what a teacher changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fmnist import settings
from fmnist.access.limits import save_limits
from fmnist.access.log import load_changes
from fmnist.access.people import find_person
from fmnist.access.roster import list_people, revoke
from fmnist.access.store import database_path
from fmnist.embedding.store import EmbeddingStore
from fmnist.launching import list_queue, start_run
from fmnist.runs import Recipe, list_deleted, list_runs, open_run
from fmnist.runs.files import write_json
from fmnist.runs.processes import identify_process
from fmnist.study import StudyPlan, list_studies
from fmnist.study.store import create_study
from fmnist.ui.shell import access
from fmnist.ui.shell.access import Visit
from fmnist.ui.train.state import TrainState
from tests.support.classroom import Classroom
from tests.support.classroom_pages import enter, enter_alone, press, toasts
from tests.support.pages import (
    find,
    labels,
    metrics,
    open_alone,
    open_page,
    open_part,
    read_state,
    show_view,
    texts,
)
from tests.support.runs import make_owned_run

pytestmark = pytest.mark.usefixtures("controlled")


@pytest.fixture
def enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw every button as if the person might press it: rights have changed since, or a fault."""
    monkeypatch.setattr(access, "escape_markdown", lambda _text: "")


def test_off_nobody_signs_in_and_nothing_is_written(isolated: Path) -> None:
    app = open_page("train")
    assert [title.value for title in app.title] == ["Train"]
    assert "Sign out" not in labels(app)
    assert not database_path().exists()


@pytest.mark.parametrize("page", ["overview", "train", "runs", "study", "evaluate", "predict"])
def test_every_page_asks_who_is_there(classroom: Classroom, page: str) -> None:
    app = open_page(page)
    assert [title.value for title in app.title] == ["Sign in"]
    assert "Look around as a guest" in labels(app)


def test_new_name_signs_in_and_is_shown_its_code(classroom: Classroom) -> None:
    app = open_alone("train")
    app.text_input(key="class_name").set_value("Ada")
    app.text_input(key="class_pin").set_value(classroom.pins.class_pin)
    find(app.button, "Sign in").click().run()
    assert [title.value for title in app.title] == ["Train"]
    assert "Ada (student)" in texts(app)
    assert "Your code is" in texts(app)
    find(app.button, "I have written it down").click().run()
    assert "Your code is" not in texts(app)
    find(app.button, "Sign out").click().run()
    assert [title.value for title in app.title] == ["Sign in"]
    assert find_person(read_state(app, Visit).token) is None


def test_wrong_pin_is_a_message_and_nobody(classroom: Classroom) -> None:
    app = open_alone("train")
    app.text_input(key="class_name").set_value("Ada")
    app.text_input(key="class_pin").set_value("nothing")
    find(app.button, "Sign in").click().run()
    assert "don't fit together" in toasts(app)
    assert [title.value for title in app.title] == ["Sign in"]
    assert list_people() == []


def test_name_of_earlier_runs_is_taken(classroom: Classroom) -> None:
    make_owned_run("finished", "old", "keen otter 42")
    app = open_alone("train")
    app.text_input(key="class_name").set_value("Keen  Otter 42")
    app.text_input(key="class_pin").set_value(classroom.pins.class_pin)
    find(app.button, "Sign in").click().run()
    assert "Runs from before belong to the name" in toasts(app)


def test_guest_sees_runs_and_can_start_none(classroom: Classroom) -> None:
    make_owned_run("finished", "done", "Ada")
    app = enter(classroom, "train", run="done")
    assert "95.00%" in metrics(app).values()
    button = find(show_view(app, "Set up").button, "Start training")
    assert button.disabled
    assert "Sign in" in button.help


@pytest.mark.usefixtures("enabled")
def test_guests_start_is_refused_where_it_would_happen(classroom: Classroom) -> None:
    app = enter(classroom, "train")
    find(app.button, "Start training").click().run()
    assert "A guest can look and predict" in texts(app)
    assert list_runs() == []
    assert load_changes()[0].outcome == "refused"


def test_student_owns_what_they_start(classroom: Classroom) -> None:
    app = enter(classroom, "train", "Ada")
    find(app.button, "Start training").click().run()
    (run,) = list_runs()
    assert run.owner == "Ada"
    (change,) = [c for c in load_changes() if c.action == "start run"]
    assert (change.name, change.outcome) == ("Ada", "done")


@pytest.mark.parametrize(
    ("state", "key"),
    [("finished", "delete"), ("running", "stop_run"), ("stopped", "resume_run"),
     ("queued", "queue_cancel_theirs")],
)  # fmt: skip
def test_student_can_not_touch_anothers_run(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, state: str, key: str
) -> None:
    make_owned_run(state, "theirs", "Bob")
    app = enter(classroom, "train", "Ada", run="theirs")
    assert app.button(key=key).disabled
    monkeypatch.setattr(access, "escape_markdown", lambda _text: "")
    press(app.run(), key)
    assert "It belongs to Bob" in toasts(app)
    assert open_run("theirs").load_state() == state
    newest = load_changes()[0]
    assert (newest.name, newest.subject, newest.outcome) == ("Ada", "theirs", "refused")


def test_student_deletes_and_restores_their_own(classroom: Classroom) -> None:
    make_owned_run("finished", "mine", "Ada")
    make_owned_run("finished", "theirs", "Bob")
    app = enter(classroom, "train", "Ada", run="mine")
    press(app, "delete")
    assert list_deleted() == ["mine"]
    press(app, "undo_run")
    assert list_deleted() == []


@pytest.mark.usefixtures("enabled")
def test_student_moves_nobody_in_the_queue(classroom: Classroom) -> None:
    for run_id, owner in (("a", "Ada"), ("b", "Bob")):
        start_run(Recipe("cnn"), run_id=run_id, owner=owner)
    app = enter(classroom, "train", "Bob")
    press(app, "queue_first_b")
    assert "Only a teacher" in toasts(app)
    assert [run.run_id for run in list_queue()] == ["a", "b"]


def test_fourth_waiting_run_is_refused(classroom: Classroom) -> None:
    app = enter(classroom, "train", "Ada")
    for _ in range(3):
        find(app.button, "Start training").click().run()
        show_view(app, "Set up")
    assert len(list_queue()) == 3
    find(app.button, "Start training").click().run()
    assert "Runs waiting: this would make 4" in texts(app)
    assert len(list_queue()) == 3


@pytest.mark.parametrize(("limit", "words"), [("epochs", "Epochs of a run"),
                                              ("parameters", "Parameters of a network"),
                                              ("disk_mb", "Disk")])  # fmt: skip
def test_run_beyond_a_limit_is_refused(classroom: Classroom, limit: str, words: str) -> None:
    make_owned_run("finished", "mine", "Ada")
    save_limits({limit: 0})
    app = enter(classroom, "train", "Ada")
    find(app.button, "Start training").click().run()
    assert words in texts(app)
    assert list_queue() == []


def test_teacher_has_no_limits(classroom: Classroom) -> None:
    save_limits({"waiting": 0, "epochs": 0})
    app = enter(classroom, "train", "Grace")
    find(app.button, "Start training").click().run()
    assert [run.owner for run in list_queue()] == ["Grace"]


def test_second_active_study_is_refused(classroom: Classroom) -> None:
    app = enter_alone(classroom, "study", "Ada")
    find(app.button, "Start the study").click().run()
    assert [study.owner for study in list_studies()] == ["Ada"]
    find(app.button, "Start the study").click().run()
    assert "Active studies: this would make 2" in texts(app)
    assert len(list_studies()) == 1


@pytest.mark.usefixtures("enabled")
def test_student_can_not_touch_anothers_study(classroom: Classroom) -> None:
    create_study(StudyPlan("repeat", Recipe("baseline"), trials=2), name="s", owner="Bob")
    app = enter(classroom, "study", "Ada", study="s")
    press(app, "stop_study")
    assert "It belongs to Bob" in toasts(app)
    assert not list_studies()[0].is_stop_requested


def test_revoked_names_next_click_is_refused_and_signed_out(classroom: Classroom) -> None:
    make_owned_run("finished", "mine", "Ada")
    app = enter(classroom, "train", "Ada", run="mine")
    revoke("Ada")
    press(app, "delete")
    assert "signed out" in toasts(app)
    assert list_deleted() == []
    assert [title.value for title in app.title] == ["Sign in"]
    assert "Ada is signed out" in texts(app)


def test_nothing_refreshes_a_page_that_the_sign_in_has_replaced(classroom: Classroom) -> None:
    make_owned_run("finished", "mine", "Ada")
    app = enter(classroom, "train", "Ada", run="mine")
    (part, *_) = app._fragment_storage._fragments
    revoke("Ada")
    app.run()
    assert [title.value for title in app.title] == ["Sign in"]
    assert not app._fragment_storage.contains(part)


def test_start_flag_of_a_signed_out_session_starts_nothing(classroom: Classroom) -> None:
    app = enter(classroom, "train", "Ada")
    revoke("Ada")
    read_state(app, TrainState).is_start_requested = True
    app.run()
    assert list_runs() == []


@pytest.mark.usefixtures("enabled")
def test_guest_uploads_no_edits(classroom: Classroom) -> None:
    app = open_part(enter(classroom, "train"), "train_advanced")
    uploader = find(app.file_uploader, "Edits file (JSON)")
    uploader.set_value(("mine.json", b'{"rows": []}', "application/json")).run()
    assert "A guest can look and predict" in " ".join(error.value for error in app.error)
    assert not settings.edits_dir().exists()


def test_student_sees_why_they_can_not_search_for_label_issues(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))  # nobody has searched yet
    app = enter(classroom, "labels", "Ada")
    assert not app.error
    button = find(app.button, "Search")
    assert button.disabled
    assert button.help == "Only a teacher may do this."


def test_guest_starts_no_map_by_opening_it(classroom: Classroom) -> None:
    make_owned_run("finished", "done", "Ada")
    (list_runs()[0].path / "model.onnx").write_bytes(b"a network")
    app = enter(classroom, "map", run="done")
    assert not app.error
    assert find(app.button, "Compute the map by PCA").disabled
    assert not list((settings.cache_dir() / "maps").glob("*/process.json"))


def test_student_with_a_map_under_way_starts_no_other(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    make_owned_run("finished", "done", "Ada")
    (list_runs()[0].path / "model.onnx").write_bytes(b"a network")
    store = EmbeddingStore(settings.cache_dir() / "maps" / "of-ada")
    store.path.mkdir(parents=True)
    write_json(store.owner_path, {"owner": "Ada"})
    write_json(store.launch_path, identify_process(os.getpid(), "alive").to_dict())
    app = enter(classroom, "map", "Ada", run="done", method="t-SNE")
    find(app.button, "Compute the map by t-SNE").click().run()
    assert "Maps at a time: this would make 2, and a student may have 1" in toasts(app)
    assert load_changes()[0].outcome == "refused"
