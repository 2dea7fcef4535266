"""Damaged files of runs: each is an error in words, and the run is shown as damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs import (
    RunState,
    delete_run,
    list_all_runs,
    list_runs,
    load_notes,
    load_summary,
    open_run,
    restore_run,
)
from fmnist.runs.watch import load_watch
from tests.support.run_mutations import damage_run, fill_run
from tests.support.runs import HISTORY, STEPS

pytestmark = pytest.mark.usefixtures("isolated")


def change(name: str, **fields: object) -> tuple[str, object]:
    return name, fields


CASES = {
    "pid is text": ("launch.json", b'{"pid": "x"}'),
    "deep recipe": ("recipe.json", b"[" * 200_000),
    "recipe of endless objects": ("recipe.json", b'{"a":' * 200_000),
    "no metrics": change("report.json", test={}),
    "created for ever": ("report.json", b'{"created": Infinity}'),
    "temperature 0": change("report.json", calibration={"temperature": 0}),
    "temperature is text": change("report.json", calibration={"temperature": "hot"}),
    "accuracy of 120%": change("report.json", test={"accuracy": 1.2, "loss": 0.1}),
    "lone surrogate": ("report.json", b'{"command": "\\ud800"}'),
    "number with 5,000 digits": ("report.json", b'{"seconds": ' + b"1" * 5000 + b"}"),
    "hardware is a list": change("report.json", hardware=[1]),
    "accelerators are numbers": change("report.json", hardware={"accelerators": [1]}),
    "Latin-1": ("history.csv", "epoch,loss\n1,\xfc\n".encode("latin-1")),
    "open quote": ("history.csv", b'epoch,loss\n1,"0.5\n'),
    "NaN in the history": ("history.csv", HISTORY.replace("1.5", "nan").encode()),
    "a column missing": ("history.csv", b"epoch,loss\n1,2\n"),
    "a million columns": ("history.csv", b"a," * 1_000_000 + b"\n"),
    "uneven columns": ("history.csv", b"epoch,loss\n1,2\n1\n1,2,3\n"),
    "epoch is text": change("status.json", epoch="x"),
    "NaN in the status": ("status.json", b'{"seconds": NaN}'),
    "negative progress": change("status.json", phase_progress=-1),
    "20 MB of notes": ("notes.json", b'{"note": "' + b"x" * 20_000_000 + b'"}'),
    "long note": change("notes.json", note="x" * 3000),
    "tags are no list": change("notes.json", tags=3),
    "created is text": change("recipe.json", created="soon"),
    "owner is a list": change("recipe.json", owner=[1]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_damaged_file_is_named_and_the_run_is_shown_as_damaged(case: str) -> None:
    path = fill_run("bad")
    name, content = CASES[case]
    if isinstance(content, dict):
        content = json.dumps(json.loads((path / name).read_text()) | content).encode()
    (path / name).write_bytes(content)
    fill_run("good")
    by_id = {run.run_id: load_summary(run) for run in list_all_runs()}
    assert by_id["good"].label == "finished"
    assert by_id["bad"].label == "damaged"
    assert str(path / name) in str(by_id["bad"].problem)
    assert len(str(by_id["bad"].problem)) < 1000


@pytest.mark.parametrize("state", ["queued", "failed", "finished"])
def test_any_damage_is_an_error_of_ours(state: str) -> None:
    """Seeded damage of all kinds; ``tests/fuzz`` tries more, on the pages."""
    for number in range(60):
        name = f"run{number}"
        path = fill_run(name, state)
        what = damage_run(path, number)
        try:
            runs = {run.run_id: run for run in list_all_runs()}
            if name in runs:
                load_summary(runs[name])
                for load in (
                    runs[name].load_predictions, runs[name].load_steps, runs[name].load_log,
                    lambda run=runs[name]: load_watch(run.path),
                ):  # fmt: skip
                    try:
                        load()
                    except RunError as error:
                        assert str(path) in str(error), what
                delete_run(runs[name])
        except Exception as error:
            raise AssertionError(f"{number}, {what}") from error


def test_value_and_field_are_named() -> None:
    path = fill_run("bad")
    values = json.loads((path / "report.json").read_text())
    values["test"]["accuracy"] = 120
    (path / "report.json").write_text(json.dumps(values))
    with pytest.raises(RunError, match=r"report\.json can't be used: test\.accuracy is 120: "):
        open_run("bad").load_report()


def test_run_with_a_damaged_recipe_can_be_deleted_and_restored() -> None:
    path = fill_run("bad")
    (path / "recipe.json").write_bytes(b"[" * 200_000)
    (run,) = list_all_runs()
    assert run.load_state() is RunState.DAMAGED
    assert list_runs() == []
    assert not run.is_resumable
    delete_run(run)
    assert list_all_runs() == []
    assert restore_run("bad").damage == run.damage


def test_log_that_is_a_link_is_not_shown(tmp_path: Path) -> None:
    path = fill_run("bad")
    (tmp_path / "secret").write_text("secret")
    (path / "worker.log").unlink()
    (path / "worker.log").symlink_to(tmp_path / "secret")
    assert open_run("bad").load_log() == ""


def test_only_the_end_of_a_huge_log_is_read() -> None:
    path = fill_run("chatty")
    with (path / "worker.log").open("wb") as file:
        file.truncate(2**33)  # eight gigabytes that take no room
        file.seek(0, 2)
        file.write(b"\nthe end\n")
    assert open_run("chatty").load_log(1) == "the end"


def test_steps_of_a_run_that_diverged_are_read() -> None:
    path = fill_run("diverged")
    (path / "steps.csv").write_text(STEPS.replace("2.2", "nan"))
    assert str(open_run("diverged").load_steps()["loss"][0]) == "nan"


def test_notes_are_loaded() -> None:
    fill_run("good")
    assert load_notes(open_run("good")).tags == ("tag",)
