"""Real dispatchers in separate processes, with a worker that needs no TensorFlow."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import psutil
import pytest

from fmnist.errors import RunError
from fmnist.launching import (
    ensure_dispatcher,
    launcher,
    list_queue,
    resume_run,
    start_run,
    stop_run,
)
from fmnist.runs import ACTIVE_STATES, Recipe, RunState, create_run
from tests.support.launching import (
    dispatchers,
    let_end,
    read_journal,
    wait_for,
    wait_for_state,
)
from tests.support.runs import make_run


def test_runs_train_one_after_the_other_in_the_order_they_came(models: Path) -> None:
    runs = [start_run(Recipe("cnn"), run_id=name) for name in ("b-first", "a-second", "third")]
    wait_for_state(runs[0], RunState.RUNNING)
    wait_for(lambda: runs[0].load_status() is not None)
    assert [run.load_state() for run in runs[1:]] == [RunState.QUEUED] * 2
    assert [run.run_id for run in list_queue()] == ["a-second", "third"]
    let_end(models)
    for run in runs:
        wait_for_state(run, RunState.FINISHED)
        assert run.load_launch() is not None
    assert read_journal(models) == [(what, run.run_id) for run in runs for what in ("start", "end")]
    wait_for(lambda: not dispatchers(models))  # nothing waits, so it ends
    assert all(run.load_launch().exit_code == 0 for run in runs)


def test_run_that_leaves_the_queue_never_starts(models: Path) -> None:
    first = start_run(Recipe("cnn"), run_id="first")
    second = start_run(Recipe("cnn"), run_id="second")
    wait_for(lambda: first.load_status() is not None)
    stop_run(second)
    assert second.load_state() is RunState.STOPPED
    let_end(models)
    wait_for_state(first, RunState.FINISHED)
    wait_for(lambda: not dispatchers(models))
    assert read_journal(models) == [("start", "first"), ("end", "first")]
    assert resume_run("second").load_state() in ACTIVE_STATES
    wait_for_state(second, RunState.FINISHED)


def test_run_is_stopped_and_resumed(models: Path) -> None:
    run = start_run(Recipe("cnn"), run_id="run")
    wait_for(lambda: run.load_status() is not None)
    stop_run(run)
    wait_for_state(run, RunState.STOPPED, 10)
    first_attempt = run.load_launch().attempt
    resume_run("run")
    let_end(models)
    wait_for_state(run, RunState.FINISHED)
    assert run.load_launch().attempt != first_attempt


def test_run_that_is_still_importing_is_stopped_at_once(models: Path) -> None:
    run = start_run(Recipe("cnn"), run_id="deaf")
    wait_for((models / "journal.txt").exists)
    stop_run(run)
    wait_for_state(run, RunState.STOPPED, 10)


def test_worker_that_ends_without_a_report_is_lost_with_its_exit_status(models: Path) -> None:
    let_end(models)
    run = start_run(Recipe("cnn"), run_id="fails")
    wait_for(lambda: run.load_launch() is not None and run.load_launch().exit_code is not None)
    assert run.load_state() is RunState.LOST
    assert run.load_launch().exit_code == 3


def test_killed_worker_is_lost_and_the_queue_goes_on(models: Path) -> None:
    first = start_run(Recipe("cnn"), run_id="first")
    second = start_run(Recipe("cnn"), run_id="second")
    wait_for(lambda: first.load_status() is not None)
    psutil.Process(first.load_launch().pid).send_signal(signal.SIGKILL)
    wait_for_state(first, RunState.LOST, 10)
    wait_for(lambda: second.load_status() is not None)
    wait_for(lambda: first.load_launch().exit_code == -9, 5)
    let_end(models)
    wait_for_state(second, RunState.FINISHED)


def test_queue_goes_on_after_the_dispatcher_was_killed(models: Path) -> None:
    first = start_run(Recipe("cnn"), run_id="first")
    second = start_run(Recipe("cnn"), run_id="second")
    wait_for(lambda: first.load_status() is not None)
    for dispatcher in dispatchers(models):
        dispatcher.kill()
    wait_for(lambda: not dispatchers(models))
    assert first.load_state() is RunState.RUNNING  # it does not need the dispatcher
    # The lock of a killed process is free a moment after its command line is gone.
    wait_for(lambda: ensure_dispatcher() or dispatchers(models))
    time.sleep(0.5)
    assert second.load_state() is RunState.QUEUED  # the new one adopts the first
    let_end(models)
    wait_for_state(first, RunState.FINISHED)
    wait_for_state(second, RunState.FINISHED)
    assert read_journal(models)[0:3] == [("start", "first"), ("end", "first"), ("start", "second")]


def test_damaged_run_does_not_hold_up_the_queue(models: Path) -> None:
    let_end(models)
    for state, name in (("lost", "status.json"), ("failed", "launch.json")):
        (make_run(state).path / name).write_text("{")
    run = start_run(Recipe("cnn"), run_id="good")
    wait_for_state(run, RunState.FINISHED)


def test_worker_has_the_folders_of_whoever_asked(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FMNIST_ARCHIVE", "here")
    let_end(models)
    wait_for_state(start_run(Recipe("cnn"), run_id="run"), RunState.FINISHED)
    assert (models / "journal.txt").read_text().splitlines()[0].endswith(f"run {tmp_path}/here")


@pytest.fixture
def no_dispatcher(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the dispatchers that would have been started."""
    spawned: list[int] = []
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: spawned.append(1))
    return spawned


@pytest.mark.parametrize("state", ["finished", "running", "stopping", "queued"])
def test_nothing_to_resume(state: str, no_dispatcher: list[int]) -> None:
    run = make_run(state)
    with pytest.raises(RunError, match=f"is {state}, so there is nothing to resume"):
        resume_run(run.run_id)
    assert not no_dispatcher
    assert run.load_state() == state


@pytest.mark.parametrize("state", ["stopped", "failed", "lost"])
def test_run_that_ended_early_is_queued_again_behind_the_others(
    state: str, no_dispatcher: list[int]
) -> None:
    run = make_run(state)
    waiting = create_run(Recipe("cnn"), run_id="waiting")
    assert resume_run(run.run_id).load_state() is RunState.QUEUED
    assert [r.run_id for r in list_queue()] == [waiting.run_id, run.run_id]
    assert len(run.load_history()["epoch"]) == 1
    assert no_dispatcher


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "lost"])
def test_nothing_to_stop(state: str, no_dispatcher: list[int]) -> None:
    run = make_run(state)
    with pytest.raises(RunError, match=f"is {state}, so there is nothing to stop"):
        stop_run(run)


def test_unknown_run_can_not_be_resumed(no_dispatcher: list[int]) -> None:
    with pytest.raises(RunError, match="no run named 'x'"):
        resume_run("x")


def test_dispatcher_is_started_only_where_none_is_running(
    isolated: Path, no_dispatcher: list[int]
) -> None:
    ensure_dispatcher()
    assert no_dispatcher == [1]
    with launcher.FileLock(isolated / launcher.LOCK_NAME):
        # Another lock object, as in another process.
        ensure_dispatcher()
    assert no_dispatcher == [1]


def test_name_that_is_taken_is_not_queued_again(no_dispatcher: list[int]) -> None:
    create_run(Recipe("cnn"), run_id="x")
    with pytest.raises(RunError, match="A run named x exists"):
        start_run(Recipe("cnn"), run_id="x")
    assert not no_dispatcher
