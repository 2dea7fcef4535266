"""Real dispatchers in processes of their own, with a worker that needs no TensorFlow."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from run_fixtures import make_run

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching import (
    ensure_dispatcher,
    launcher,
    list_queue,
    resume_run,
    start_run,
    stop_run,
)
from fmnist.runs import ACTIVE_STATES, Recipe, Run, RunState, create_run, open_run
from fmnist.runs.files import write_json

WORKER = """
import os, sys, time
from pathlib import Path
from fmnist.runs import Status
from fmnist.runs.files import write_json

path, attempt = Path(sys.argv[1]), sys.argv[2]
journal = path.parent / "journal.txt"


def note(what):
    with journal.open("a") as file:
        file.write(f"{time.time()} {what} {path.name} {os.environ['FMNIST_ARCHIVE']}\\n")


def say(state):
    status = Status(state, state, attempt, epochs=1, heartbeat=time.time())
    write_json(path / "status.json", status.to_dict())


note("start")
if "deaf" in path.name:
    time.sleep(60)
say("running")
# Lasts until it is told to end, in one way or the other.
while not (path / "stop").exists() and not (path.parent / "end").exists():
    time.sleep(0.02)
note("end")
if (path / "stop").exists():
    say("stopped")
elif "fails" in path.name:
    sys.exit(3)
else:
    write_json(path / "report.json", {})
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program whose worker only waits."""
    project = tmp_path_factory.mktemp("project")
    rooms = ("runs", "launching")
    for room in rooms:
        shutil.copytree(settings.PROJECT_DIR / "fmnist" / room, project / "fmnist" / room)
    for module in (settings.PROJECT_DIR / "fmnist").glob("*.py"):
        shutil.copy(module, project / "fmnist")
    (project / "fmnist" / "training").mkdir()
    (project / "fmnist" / "training" / "__init__.py").touch()
    (project / "fmnist" / "training" / "__main__.py").write_text(WORKER)
    return project


def processes_of(models: Path) -> list[psutil.Process]:
    """Find the dispatchers and workers of one models folder, and of no other."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            is_ours = words[1:2] == ["-m"] and words[2:3] in (
                ["fmnist.launching"], ["fmnist.training"]
            )  # fmt: skip
            if is_ours and process.environ().get("FMNIST_MODELS") == str(models):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


def dispatchers(models: Path) -> list[psutil.Process]:
    return [p for p in processes_of(models) if "fmnist.launching" in p.cmdline()]


@pytest.fixture
def models(isolated: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(settings, "PROJECT_DIR", project)
    yield isolated
    (isolated / "end").touch()
    for process in processes_of(isolated):
        process.kill()


def wait_for(condition: Callable[[], object], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.03)


def wait_for_state(run: Run, state: RunState, seconds: float = 40) -> None:
    wait_for(lambda: run.load_state() is state, seconds)


def read_journal(models: Path) -> list[tuple[str, str]]:
    lines = (models / "journal.txt").read_text().splitlines()
    return [tuple(line.split()[1:3]) for line in lines]


def let_end(models: Path) -> None:
    (models / "end").touch()


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


def test_five_starts_at_once_train_one_at_a_time(models: Path) -> None:
    let_end(models)
    runs: list[Run] = []
    starts = [
        threading.Thread(target=lambda i=i: runs.append(start_run(Recipe("cnn"), run_id=f"r{i}")))
        for i in range(5)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    for run in runs:
        wait_for_state(run, RunState.FINISHED, 90)
    journal = read_journal(models)
    assert len(journal) == 10
    for begin, end in zip(journal[::2], journal[1::2], strict=True):
        assert (begin[0], end[0]) == ("start", "end")
        assert begin[1] == end[1]  # nobody else started in between
    wait_for(lambda: not dispatchers(models))


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


def test_run_is_stopped_and_goes_on(models: Path) -> None:
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


def test_worker_that_ends_without_a_word_is_lost_with_its_exit_status(models: Path) -> None:
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
    assert second.load_state() is RunState.QUEUED  # the new one sees that the first is at work
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


def test_dispatcher_is_started_only_where_none_is_at_work(
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


def test_queue_without_a_note_of_its_time_goes_by_creation(no_dispatcher: list[int]) -> None:
    for run_id, created in (("late", 2.0), ("soon", 1.0)):
        run = create_run(Recipe("cnn"), run_id=run_id)
        write_json(run.path / "recipe.json", {**run.recipe.to_dict(), "created": created})
    assert [run.run_id for run in list_queue()] == ["soon", "late"]
    assert open_run("soon").created == 1.0
