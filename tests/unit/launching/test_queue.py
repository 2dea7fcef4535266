"""Order, limit and accidents of the queue: real dispatchers, and a worker without TensorFlow."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.launching import (
    explain_end,
    find_disk_trouble,
    launcher,
    move_run,
    resume_run,
    start_run,
    stop_run,
)
from fmnist.runs import Recipe, RunState, create_run, delete_run, open_run
from fmnist.runs.files import write_json
from tests.support.launching import (
    let_end,
    list_names,
    processes_of,
    queue_up,
    wait_for,
    wait_for_state,
)
from tests.support.runs import make_run


@pytest.fixture
def no_dispatcher(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    return isolated


@pytest.mark.parametrize(
    ("run_id", "steps", "expected"),
    [
        ("c", -1, "acbd"),
        ("b", 1, "acbd"),
        ("d", -3, "dabc"),
        ("a", 3, "bcda"),
        ("a", -1, "abcd"),
        ("d", 1, "abcd"),
        ("b", -99, "bacd"),
        ("b", 99, "acdb"),
        ("b", 0, "abcd"),
    ],
)
def test_waiting_runs_are_moved(
    no_dispatcher: Path, run_id: str, steps: int, expected: str
) -> None:
    queue_up("a", "b", "c", "d")
    move_run(open_run(run_id), steps)
    assert "".join(list_names()) == expected
    queue_up("e")
    assert "".join(list_names()) == f"{expected}e"


def test_only_a_waiting_run_is_moved(no_dispatcher: Path) -> None:
    queue_up("a")
    with pytest.raises(RunError, match="is running: only a waiting run is moved"):
        move_run(make_run("running"), -1)
    gone = open_run("a")
    stop_run(gone)
    with pytest.raises(RunError, match="is stopped"):
        move_run(gone, 1)


def test_run_that_left_comes_back_as_the_last(no_dispatcher: Path) -> None:
    queue_up("a", "b")
    stop_run(open_run("a"))
    assert list_names() == ["b"]
    resume_run("a")
    assert list_names() == ["b", "a"]


def test_clock_set_back_keeps_the_order(
    no_dispatcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run_id, clock in (("a", 2e9), ("b", 1e9), ("c", 3e8)):
        monkeypatch.setattr(time, "time", lambda c=clock: c)
        queue_up(run_id)
    assert list_names() == ["a", "b", "c"]


def test_runs_without_a_place_go_by_their_creation(no_dispatcher: Path) -> None:
    for run_id, created in (("late", 2.0), ("soon", 1.0)):
        run = create_run(Recipe("cnn"), run_id=run_id)
        write_json(run.path / "recipe.json", {**run.recipe.to_dict(), "created": created})
    (create_run(Recipe("cnn"), run_id="torn").path / "queue.json").write_text("{")
    assert list_names() == ["soon", "late", "torn"]
    queue_up("new")
    assert list_names() == ["soon", "late", "torn", "new"]


def test_deleted_run_leaves_the_queue(no_dispatcher: Path) -> None:
    queue_up("a", "b")
    delete_run(open_run("a"))
    assert list_names() == ["b"]


def test_run_is_resumed_once_however_often_it_is_asked_for(no_dispatcher: Path) -> None:
    make_run("lost", "x")
    answers: list[str] = []

    def ask() -> None:
        try:
            resume_run("x")
            answers.append("queued")
        except RunError as error:
            answers.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {"queued": 1, "x is queued, so there is nothing to resume.": 7}


def test_run_deleted_while_it_trains_does_not_come_back_and_the_queue_goes_on(
    models: Path,
) -> None:
    queue_up("doomed", "next")
    doomed = open_run("doomed")
    wait_for(lambda: doomed.load_status() is not None)
    shutil.rmtree(doomed.path)
    let_end(models)  # the worker fails at its report, for which there is no folder
    wait_for_state(open_run("next"), RunState.FINISHED)
    wait_for(lambda: not processes_of(models))
    assert not doomed.path.exists()


def test_worker_that_ends_before_it_has_recorded_itself_is_not_started_again(models: Path) -> None:
    queue_up("dumb", "next")
    let_end(models)
    wait_for_state(open_run("next"), RunState.FINISHED)
    dumb = open_run("dumb")
    assert dumb.load_state() is RunState.LOST
    assert dumb.load_launch().exit_code == 4
    assert "exit status 4" in explain_end(dumb)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (None, "perhaps because the machine was shut down"),
        (-9, "signal 9 killed it, by hand or for lack of memory"),
        (-9, "try half the batch size in a new run"),
        (-11, "signal 11 (SIGSEGV) ended it. Resume it once"),
        (-6, "signal 6 (SIGABRT)"),
        (3, "exit status 3"),
    ],
)
def test_end_without_a_report_is_explained_with_what_to_try(
    no_dispatcher: Path, code: int | None, words: str
) -> None:
    run = make_run("lost")
    launch = run.load_launch().to_dict()
    write_json(run.path / "launch.json", launch | {"exit_code": code})
    assert words in explain_end(run)


def test_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_disk_trouble(tmp_path / "nowhere") is None
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=3 * 2**20))
    assert "has 3 MB left: free space first" in find_disk_trouble(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=60 * 2**20))
    assert find_disk_trouble(tmp_path) is None


def test_models_folder_that_can_not_be_written_is_reported(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (isolated / "file").write_text("")
    monkeypatch.setenv("FMNIST_MODELS", str(isolated / "file" / "models"))
    with pytest.raises(RunError, match="can't be written"):
        start_run(Recipe("cnn"))
