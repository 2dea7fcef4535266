"""The Overview page, and the frame that every page has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.runs import Recipe, create_run
from fmnist.runs.run import STUDY_OWNER
from fmnist.ui.overview import cards as overview
from fmnist.ui.shell.resources import get_data_holder
from tests.support.bombs import BOMBS
from tests.support.pages import labels, metrics, open_page, texts
from tests.support.runs import make_run, write_report

pytestmark = pytest.mark.usefixtures("spawned")


def open_overview() -> AppTest:
    """Open the page once the data are read, or found damaged: it does not wait for that itself."""
    assert get_data_holder().wait(60)
    return open_page("overview")


def break_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point to an archive whose one file is damaged, and return that file."""
    path = tmp_path / "archive" / "fashion-mnist_train.csv"
    path.parent.mkdir()
    path.write_text("label,pixel1\n1,2\n")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(path.parent))
    return path


def models_table(app):
    return app.dataframe[0].value.set_index("Run")


def test_fresh_clone_without_runs_says_what_to_do() -> None:
    app = open_overview()
    assert not app.error
    assert app.title[0].value == "Fashion-MNIST Lab"
    assert "600 + 200 images, from the IDX files" in texts(app)
    assert metrics(app)["Training images"] == "600"
    assert "None yet. Train one" in texts(app)


def test_the_best_run_and_what_it_confuses_come_before_the_table() -> None:
    run = make_run("finished", "good")
    app = open_overview()
    assert any("Some of the 600 training" in block.proto.body for block in app.get("html"))
    assert "Best on validation so far: good." in texts(app)
    assert "95.00%** of the" in texts(app)
    (run.path / "predictions.npz").write_bytes(b"damaged")
    assert not open_page("overview").exception


def test_models_stand_in_a_table_with_their_figures() -> None:
    make_run("finished", "good")
    make_run("failed", "bad")
    make_run("queued", "later")
    table = models_table(open_overview())
    assert table.loc["good", "Test accuracy"] == pytest.approx(95.0)
    assert table.loc["good", "Open"] == "evaluate?run=good"
    assert table["State"].to_dict() == {"good": "finished", "bad": "failed", "later": "queued"}
    assert table["Test accuracy"].isna().sum() == 2


def test_trials_of_studies_are_left_out() -> None:
    make_run("finished", "own")
    write_report(create_run(Recipe("baseline"), run_id="sweep-000", owner=f"{STUDY_OWNER}sweep"))
    app = open_overview()
    assert list(models_table(app).index) == ["own"]
    links = [link.proto.label for link in app.get("page_link")]
    assert "1 more run belongs to a study" in links


def test_run_with_a_damaged_record_does_not_spoil_the_page() -> None:
    make_run("finished", "good")
    (make_run("lost", "bad").path / "status.json").write_text("{")
    app = open_overview()
    assert not app.error
    assert models_table(app)["State"].to_dict() == {"good": "finished", "bad": "damaged"}


def test_program_error_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(overview, "_summarise", fail)
    make_run("finished")
    app = open_overview()
    assert [error.value[:30] for error in app.error] == ["This part of the page failed b"]


def test_broken_archive_is_reported_with_its_two_remedies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_archive: Path
) -> None:
    broken = break_archive(tmp_path, monkeypatch)
    app = open_overview()
    assert len(app.error) == 1
    assert "fashion-mnist_test.csv" in app.error[0].value
    assert labels(app)[:2] == ["Try again", "Use the demo set"]
    broken.unlink()
    for path in tiny_archive.iterdir():
        shutil.copy(path, broken.parent)
    app.button(key="data_refresh").click().run()
    assert get_data_holder().wait(60)
    app.run()
    assert not app.error
    assert "600 + 200 images" in texts(app)


@pytest.mark.slow
def test_demo_set_is_called_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = break_archive(tmp_path, monkeypatch).parent
    app = open_overview()
    app.button(key="data_draw").click().run()
    assert get_data_holder().wait(120)
    app.run()
    assert not app.error
    assert "Demo set: 6,000 + 1,000 garments drawn by this program" in texts(app)
    assert {"Try the download again", "Read the folder again"} <= set(labels(app))
    assert str(archive) in texts(app)


def test_an_archive_that_asks_for_too_much_is_named_and_the_demo_set_is_a_click_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, _ = BOMBS["csv of commas"]
    (tmp_path / "archive").mkdir()
    make(tmp_path / "archive")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "archive"))
    app = open_overview()
    (error,) = app.error
    assert "fashion-mnist_train.csv, line 1 is longer than 32,768 characters" in error.value
    assert "Put the file of Fashion-MNIST in its place" in error.value
    app.button(key="data_draw").click().run()
    assert not app.error
    assert get_data_holder().wait(60)
    assert "Demo set" in texts(app.run())
