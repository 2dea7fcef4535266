from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import FmnistError, RunError
from fmnist.runs import (
    Recipe,
    Status,
    create_run,
    delete_run,
    list_runs,
    open_run,
)
from fmnist.runs.files import write_json
from tests.support.runs import HISTORY, make_run

pytestmark = pytest.mark.usefixtures("isolated")


def test_new_run_is_named_after_network_and_time_and_can_be_opened() -> None:
    run = create_run(Recipe("cnn", seed=5), owner="me")
    assert re.fullmatch(r"cnn-\d{8}-\d{6}-[0-9a-f]{4}", run.run_id)
    assert open_run(run.run_id) == run
    assert (run.load_report(), run.load_predictions(), run.model_path) == (None, None, None)
    assert (run.load_history(), run.load_steps(), run.load_log()) == ({}, {}, "")


def test_name_is_taken_once() -> None:
    create_run(Recipe("cnn"), run_id="mine")
    with pytest.raises(RunError, match="A run named mine exists"):
        create_run(Recipe("cnn"), run_id="mine")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", "/tmp/x", ".hidden", "a\\b", "a\0b", " x", "x" * 200]
)
def test_name_that_is_no_name_of_a_directory_is_refused(name: str, isolated: Path) -> None:
    before = sorted(isolated.parent.rglob("*"))
    with pytest.raises(RunError):
        open_run(name)
    with pytest.raises(RunError):
        create_run(Recipe("cnn"), run_id=name)
    assert sorted(isolated.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my/run", r"'my/run' can't be the name of a run. Use up to 80 letters, digits, spaces"),
        ("ends with a dot.", "no space or dot last"),
        ("ends with a space ", "no space or dot last"),
        ("\N{MATHEMATICAL BOLD CAPITAL A}" * 80, "too long for the name of a run"),
        ("taken", "A run named taken exists in .* Choose another name."),
    ],
)
def test_name_that_is_not_allowed_is_refused_with_the_rule(name: str, message: str) -> None:
    create_run(Recipe("cnn"), run_id="taken")
    with pytest.raises(RunError, match=message):
        create_run(Recipe("cnn"), run_id=name)
    assert [run.run_id for run in list_runs()] == ["taken"]


def test_recipe_outside_the_models_folder_is_not_opened(isolated: Path) -> None:
    write_json(isolated.parent / "recipe.json", Recipe("cnn").to_dict())
    with pytest.raises(RunError, match="no run named"):
        open_run("..")


def test_runs_are_listed_newest_first_and_trash_is_not(isolated: Path) -> None:
    for run_id, created in (("old", 1.0), ("new", 3.0), ("middle", 2.0)):
        run = create_run(Recipe("cnn"), run_id=run_id)
        write_json(run.path / "recipe.json", {**run.recipe.to_dict(), "created": created})
    (isolated / "no-run").mkdir()
    (isolated / "a-file").touch()
    delete_run(open_run("old"))
    assert [run.run_id for run in list_runs()] == ["new", "middle"]


def test_models_folder_that_is_missing_holds_no_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(tmp_path / "nowhere"))
    assert list_runs() == []
    with pytest.raises(RunError, match="no run named 'x'"):
        open_run("x")
    assert create_run(Recipe("cnn"), run_id="x").path.is_dir()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"network": "cnn", "epochs": -1}', '{"network": "cnn", "x": 1}',
     '{"network": "cnn", "created": null}', '{"network": "cnn", "created": "soon"}', "\xff"],
)  # fmt: skip
def test_damaged_recipe_is_reported_and_skipped(content: str, isolated: Path) -> None:
    (isolated / "bad").mkdir()
    (isolated / "bad" / "recipe.json").write_text(content, "latin-1")
    create_run(Recipe("cnn"), run_id="good")
    assert [run.run_id for run in list_runs()] == ["good"]
    with pytest.raises(FmnistError):
        open_run("bad")


def test_history_is_read_by_column() -> None:
    history = make_run("stopped").load_history()
    np.testing.assert_array_equal(history["epoch"], [1])
    np.testing.assert_array_equal(history["val_accuracy"], [0.5])


@pytest.mark.parametrize("part", ["9", "9,0.9,1.", "9,0.9,1.0,0.8,0.001,1,1"])
def test_last_line_still_being_written_is_left_out(part: str) -> None:
    run = make_run("running")
    path = run.path / "steps.csv"
    path.write_text(path.read_text() + part)
    np.testing.assert_array_equal(run.load_steps()["step"], [5])


def test_table_with_only_a_header_has_empty_columns() -> None:
    run = make_run("running")
    (run.path / "history.csv").write_text(HISTORY.splitlines()[0] + "\n")
    assert len(run.load_history()["loss"]) == 0
    (run.path / "history.csv").write_text("epoch,lo")
    assert run.load_history() == {}


@pytest.mark.parametrize("body", ["1,2\n", "1,x,0.4,1.5,0.5,0.001,3\n", "\0\0\0\n", "\n"])
def test_damaged_history_is_reported_by_name(body: str) -> None:
    run = make_run("stopped")
    (run.path / "history.csv").write_text(HISTORY + body)
    with pytest.raises(RunError, match=r"history\.csv is damaged"):
        run.load_history()


def test_run_that_finds_no_room_leaves_its_name_free(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(RunError, match="can't be written"):
            create_run(Recipe("cnn"), run_id="x")
    assert list_runs() == []
    assert create_run(Recipe("cnn"), run_id="x").path.is_dir()


def test_progress_is_the_share_of_work_or_of_batches_where_that_is_unknown() -> None:
    status = Status("running", "", "a", epoch=1, epochs=4, batch=5, batches=10, seconds=30.0)
    assert status.progress == pytest.approx(0.375)
    assert status.seconds_left is None  # a file of an older version has no estimate
    assert dataclasses.replace(status, share=0.3).progress == pytest.approx(0.3)
    assert Status("running", "", "a").progress == 0


def test_log_ends_with_the_last_lines() -> None:
    run = make_run("running")
    (run.path / "worker.log").write_bytes(b"".join(b"line %d\n" % i for i in range(500)) + b"\xff")
    lines = run.load_log(3).splitlines()
    assert lines[:2] == ["line 498", "line 499"]
