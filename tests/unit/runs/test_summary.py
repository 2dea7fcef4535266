"""Summaries of runs that have ended are kept until something of them changes."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.runs import Notes, Recipe, Run, RunState, load_summary, save_notes
from fmnist.runs import summary as summaries
from tests.support.runs import make_run, write_launch, write_status


@pytest.fixture
def reads(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the runs that were read, once everything looks a minute old."""
    now, read, names = time.time_ns, summaries._read_summary, []
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60 * 10**9)

    def note(run: Run) -> summaries.RunSummary:
        names.append(run.run_id)
        return read(run)

    monkeypatch.setattr(summaries, "_read_summary", note)
    return names


@pytest.mark.parametrize("state", ["finished", "stopped", "failed"])
def test_run_that_has_ended_is_read_once(reads: list[str], state: str) -> None:
    run = make_run(state, "run")
    first = load_summary(run)
    assert first.state == state
    assert load_summary(run) is first
    assert reads == ["run"]


@pytest.mark.parametrize("state", ["running", "queued", "lost"])
def test_run_that_may_change_by_itself_is_read_each_time(reads: list[str], state: str) -> None:
    run = make_run(state, "run")
    assert [load_summary(run).state for _ in range(2)] == [state, state]
    assert reads == ["run", "run"]


def test_whatever_changes_is_seen(reads: list[str]) -> None:
    run = make_run("stopped", "run")
    assert load_summary(run).notes.note == ""
    save_notes(run, Notes("a note", ()))
    assert load_summary(run).notes.note == "a note"
    (run.path / "history.csv").write_text("epoch,val_accuracy\n1,0.5\n")  # in place
    assert load_summary(run).validation_accuracy == 0.5
    (run.path / "history.csv").write_text("epoch,val_accuracy\n1,0.65\n")
    assert load_summary(run).validation_accuracy == 0.65
    write_launch(run, alive=True, attempt="second")
    write_status(run, "running", attempt="second")
    assert load_summary(run).state is RunState.STOPPING
    (run.path / "report.json").write_text("{")
    assert load_summary(run).problem is not None
    (run.path / "report.json").unlink()
    write_status(run, "stopped", attempt="second")
    assert load_summary(run).state is RunState.STOPPED
    assert load_summary(replace(run, recipe=Recipe("cnn", seed=9))).run.recipe.seed == 9


def test_run_that_ended_just_now_is_read_again(
    reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second write within the clock's step would leave inode, size and times as they are."""
    monkeypatch.setattr(summaries, "is_settled", lambda _: False)
    run = make_run("finished", "run")
    load_summary(run)
    load_summary(run)
    assert reads == ["run", "run"]
