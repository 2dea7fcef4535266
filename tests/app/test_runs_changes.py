"""What the Runs page changes: deleting with undo, notes and tags."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.runs import Notes, list_deleted, list_runs, load_notes, save_notes
from tests.support.pages import in_url, open_alone, open_page, texts
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("spawned")


def table(app: AppTest, number: int = 0):
    return app.dataframe[number].value


def test_runs_are_deleted_together_and_come_back() -> None:
    for name in ("one", "two", "three"):
        make_run("finished", name)
    app = open_page("runs", runs="one,two")
    app.button(key="runs_delete").click().run()
    assert [run.run_id for run in list_runs()] == ["three"]
    assert "runs" not in app.query_params
    assert "2 runs were deleted." in texts(app)
    assert not app.warning
    app.button(key="undo_run").click().run()
    assert len(list_runs()) == 3
    assert in_url(app, "runs") == "one,two"
    assert "deleted" not in texts(app)


def test_undo_outlives_the_session() -> None:
    make_run("finished", "only")
    app = open_page("runs", runs="only")
    app.button(key="runs_delete").click().run()
    again = open_page("runs")
    assert "No run yet" in texts(again)
    assert again.button(key="runs_restore").disabled
    again.multiselect(key="runs_trash").set_value(["only"]).run()
    again.button(key="runs_restore").click().run()
    assert not again.exception
    assert [run.run_id for run in list_runs()] == ["only"]
    assert in_url(again, "runs") == "only"


def test_deleted_run_is_erased_and_no_longer_offered() -> None:
    make_run("finished", "only")
    app = open_page("runs", runs="only")
    app.button(key="runs_delete").click().run()
    app.multiselect(key="runs_trash").set_value(["only"]).run()
    app.button(key="runs_erase").click().run()
    assert not app.exception
    assert list_deleted() == []
    assert "undo_run" not in [button.key for button in app.button]
    assert "runs_trash" not in [box.key for box in app.multiselect]


def test_run_at_work_is_not_deleted() -> None:
    make_run("running", "busy")
    make_run("stopped", "idle")
    app = open_page("runs", runs="busy,idle")
    app.button(key="runs_delete").click().run()
    assert "is training. Stop it" in app.toast[0].value
    assert [run.run_id for run in list_runs()] == ["busy"]
    assert in_url(app, "runs") == "busy"


def test_run_whose_name_was_taken_again_stays_deleted() -> None:
    make_run("finished", "one")
    app = open_page("runs", runs="one")
    app.button(key="runs_delete").click().run()
    make_run("failed", "one")
    app.button(key="undo_run").click().run()
    assert not app.exception
    assert "can't be restored" in app.toast[0].value
    assert "one was deleted." in texts(app)


def test_note_and_tags_are_written_beside_the_recipe() -> None:
    run = make_run("failed", "one")
    recipe = (run.path / "recipe.json").read_bytes()
    app = open_alone("runs", runs="one")
    app.text_area(key="runs_note_one").set_value("warmed up longer")
    app.multiselect(key="runs_tags_one").set_value(["keep"])
    (save,) = [button for button in app.button if button.label == "Save"]
    save.click().run()
    assert not app.error
    assert load_notes(run) == Notes("warmed up longer", ("keep",))
    assert table(app).iloc[0]["note"] == "warmed up longer"
    assert (run.path / "recipe.json").read_bytes() == recipe


def test_tags_are_added_to_all_chosen_runs() -> None:
    runs = [make_run("failed", name) for name in ("one", "two")]
    save_notes(runs[0], Notes("mine", ("old",)))
    app = open_alone("runs", runs="one,two")
    app.multiselect(key="runs_tags_").set_value(["old", "lesson"])
    (save,) = [button for button in app.button if button.label == "Save"]
    save.click().run()
    assert not app.error
    assert load_notes(runs[0]) == Notes("mine", ("old", "lesson"))
    assert load_notes(runs[1]) == Notes("", ("old", "lesson"))


def test_tag_with_a_comma_is_refused_in_words() -> None:
    run = make_run("failed", "one")
    app = open_alone("runs", runs="one")
    app.multiselect(key="runs_tags_one").set_value(["a,b"])
    (save,) = [button for button in app.button if button.label == "Save"]
    save.click().run()
    assert not app.exception
    assert not app.error
    assert "can't be a tag" in app.toast[0].value
    assert load_notes(run) == Notes()


@pytest.mark.parametrize("name", ["report.json", "history.csv", "steps.csv", "notes.json"])
def test_damaged_run_is_shown_and_can_be_deleted(name: str) -> None:
    run = make_run("finished" if name == "report.json" else "failed", "bad")
    make_run("finished", "good")
    (run.path / name).write_text("{\n1,2\n")
    app = open_page("runs", runs="bad,good", batches="true")
    assert "This part of the page failed" not in texts(app)
    assert name in texts(app)
    app.button(key="runs_delete").click().run()
    assert list_runs() == []
