"""Notes, summaries and bundles of runs."""

from __future__ import annotations

import io
import json
import os
import shutil
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs import (
    Notes,
    RunState,
    load_notes,
    load_summary,
    measure_bundle,
    save_notes,
    stream_bundle,
)
from tests.support.runs import make_run, write_status

pytestmark = pytest.mark.usefixtures("isolated")


def test_notes_are_kept_apart_from_the_recipe() -> None:
    run = make_run("finished")
    before = (run.path / "recipe.json").read_bytes()
    assert load_notes(run) == Notes("", ())
    save_notes(run, Notes("  warmed up longer \n", ("keep", " a  lesson ", "", "keep")))
    assert load_notes(run) == Notes("warmed up longer", ("keep", "a lesson"))
    assert (run.path / "recipe.json").read_bytes() == before


@pytest.mark.parametrize(
    ("note", "tags", "word"),
    [
        ("x" * 2001, (), "2,001 characters"),
        ("", ("x" * 41,), "can't be a tag"),
        ("", ("a,b",), "“a,b” can't be a tag"),
        ("", tuple(f"t{i}" for i in range(21)), "21 tags"),
    ],
)
def test_notes_that_are_too_much_are_refused(note: str, tags: tuple[str, ...], word: str) -> None:
    with pytest.raises(RunError, match=word):
        Notes(note, tags)


def test_notes_of_a_run_that_is_gone_are_not_written() -> None:
    run = make_run("finished")
    shutil.rmtree(run.path)
    with pytest.raises(RunError, match="can't be written"):
        save_notes(run, Notes("x"))
    assert not run.path.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"tags": 3}', '{"tags": ["a,b"]}'])
def test_damaged_notes_are_reported_and_can_be_written_again(text: str) -> None:
    run = make_run("finished")
    (run.path / "notes.json").write_text(text)
    with pytest.raises(RunError):
        load_notes(run)
    summary = load_summary(run)
    assert summary.label == "damaged"
    assert summary.test_accuracy == 0.95
    save_notes(run, Notes("better"))
    assert load_summary(run).problem is None


def test_summary_of_a_finished_run() -> None:
    summary = load_summary(make_run("finished"))
    assert (summary.state, summary.label, summary.problem) == (RunState.FINISHED, "finished", None)
    assert (summary.validation_accuracy, summary.test_accuracy) == (0.9, 0.95)
    assert (summary.epochs_run, summary.seconds, summary.is_demo) == (2, 65.0, False)


def test_summary_of_a_training_run_has_the_best_epoch_so_far() -> None:
    run = make_run("running")
    write_status(run, "running", seconds=7.0)
    rows = (run.path / "history.csv").read_text() + "2,1,0.6,1,0.8,0.001,6\n3,1,0.7,1,0.7,0.001,9\n"
    (run.path / "history.csv").write_text(rows)
    summary = load_summary(run)
    assert (summary.state, summary.epochs_run, summary.seconds) == (RunState.RUNNING, 3, 7.0)
    assert (summary.validation_accuracy, summary.test_accuracy) == (0.8, None)
    queued = load_summary(make_run("queued"))
    assert (queued.epochs_run, queued.validation_accuracy, queued.seconds) == (0, None, None)


@pytest.mark.parametrize("name", ["report.json", "history.csv", "status.json"])
def test_damaged_file_is_a_problem_and_no_error(name: str) -> None:
    run = make_run("finished" if name == "report.json" else "failed")
    (run.path / name).write_text("{\n1,2\n")
    summary = load_summary(run)
    assert summary.label == "damaged"
    assert summary.problem is not None
    assert name in summary.problem


def test_run_on_the_demo_set_is_marked() -> None:
    run = make_run("finished")
    values = json.loads(run.report_path.read_text())
    run.report_path.write_text(json.dumps(values | {"data": {"kind": "demo"}}))
    assert load_summary(run).is_demo


def test_bundle_holds_each_run_whole_but_for_its_checkpoint(isolated: Path) -> None:
    runs = [make_run("finished", "first"), make_run("failed", "second")]
    checkpoint = runs[0].path / "checkpoint" / "state.npz"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(b"x" * 9999)
    (runs[0].path / ".model.tmp.keras").write_bytes(b"x" * 9999)
    (runs[0].path / "outside").symlink_to("/etc/hostname")
    (runs[0].path / "model.keras").write_bytes(b"weights" * 100)
    kept = ["history.csv", "model.keras", "predictions.npz", "recipe.json", "report.json"]
    with zipfile.ZipFile(io.BytesIO(b"".join(stream_bundle(runs)))) as bundle:
        assert bundle.testzip() is None
        first = [name for name in bundle.namelist() if name.startswith("first/")]
        assert first == [f"first/{name}" for name in [*kept, "steps.csv"]]
        assert "second/status.json" in bundle.namelist()
        assert bundle.read("first/model.keras") == b"weights" * 100
        bundle.extractall(isolated / "elsewhere")
        assert measure_bundle(runs) == sum(info.file_size for info in bundle.infolist())
    unpacked = json.loads((isolated / "elsewhere" / "first" / "recipe.json").read_text())
    assert unpacked["network"] == "baseline"


def test_bundle_of_a_run_that_is_gone_is_empty() -> None:
    run = make_run("finished")
    shutil.rmtree(run.path)
    assert measure_bundle([run]) == 0
    assert zipfile.ZipFile(io.BytesIO(b"".join(stream_bundle([run])))).namelist() == []


def test_bundle_is_never_held_whole() -> None:
    runs = [make_run("finished", f"run{number}") for number in range(10)]
    for run in runs:
        (run.path / "model.keras").write_bytes(os.urandom(4_000_000))
    tracemalloc.start()
    try:
        n_bytes = sum(map(len, stream_bundle(runs)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_bytes > 40_000_000
    assert peak < 4_000_000


def test_bundle_waits_for_no_pipe() -> None:
    run = make_run("finished")
    os.mkfifo(run.path / "pipe")
    assert b"pipe" not in b"".join(stream_bundle([run]))
