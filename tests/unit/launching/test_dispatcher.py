"""The dispatcher with an executor that starts no process: it uses the contract and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from fmnist.access.turns import set_paused
from fmnist.launching import dispatcher, launcher
from fmnist.launching.executors import Executor
from fmnist.launching.queue import list_queue
from fmnist.launching.trouble import load_trouble
from fmnist.runs import Recipe, Run, open_run
from tests.support.classroom import open_classroom
from tests.support.launching import queue_up
from tests.support.runs import make_run, write_launch, write_report, write_status


@dataclass
class FakeExecutor(Executor[str]):
    """Trains by writing files; a worker lives for a number of looks, or until it is stopped.

    Attributes:
        looks: how often ``is_alive`` says yes.
        journal: what it was asked, in order, without the looks.
        failures: errors that ``start`` raises before it works.
    """

    looks: int = 2
    journal: list[tuple[str, str]] = field(default_factory=list)
    failures: list[OSError] = field(default_factory=list)
    most: int = 0
    _left: dict[str, int] = field(default_factory=dict)

    def start(self, run: Run) -> str:
        if self.failures:
            raise self.failures.pop()
        self.journal.append(("start", run.run_id))
        write_launch(run, alive=True)
        write_status(run, "running")
        self._left[run.run_id] = self.looks
        self.most = max(self.most, len(self._left))
        return run.run_id

    def is_alive(self, handle: str) -> bool:
        self._left[handle] -= 1
        if self._left[handle] >= 0:
            return True
        del self._left[handle]
        run = open_run(handle)
        if run.is_stop_requested:
            write_status(run, "stopped")
        else:
            write_report(run)
        return False

    def stop(self, handle: str) -> None:
        self.journal.append(("stop", handle))
        self._left[handle] = 0

    def describe(self) -> str:
        return "a test"


@pytest.fixture(autouse=True)
def no_process(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    monkeypatch.setattr(dispatcher, "SCAN_SECONDS", 0.0)
    monkeypatch.setattr(dispatcher.time, "sleep", lambda _: None)


def dispatch(isolated: Path, executor: Executor[str], limit: int = 1) -> None:
    lock = FileLock(isolated / launcher.LOCK_NAME)
    lock.acquire()
    dispatcher.dispatch(lock, limit, executor)
    assert not lock.is_locked


@pytest.mark.parametrize("limit", [1, 2])
def test_waiting_runs_are_started_in_their_order_and_never_more_than_the_limit(
    isolated: Path, limit: int
) -> None:
    queue_up("c", "a", "b")
    executor = FakeExecutor()
    dispatch(isolated, executor, limit)
    assert executor.journal == [("start", "c"), ("start", "a"), ("start", "b")]
    assert executor.most == limit
    assert [open_run(name).load_state() for name in "abc"] == ["finished"] * 3


def test_worker_of_a_killed_dispatcher_is_adopted_before_another_is_started(isolated: Path) -> None:
    queue_up("waiting")
    make_run("running", "orphan")
    executor = FakeExecutor()
    dispatch(isolated, executor)
    assert executor.journal == [("start", "orphan"), ("start", "waiting")]


def test_executor_is_asked_to_stop_a_run_that_was_asked_to(isolated: Path) -> None:
    make_run("stopping", "asked")
    executor = FakeExecutor(looks=99)
    dispatch(isolated, executor)
    assert executor.journal == [("start", "asked"), ("stop", "asked")]
    assert open_run("asked").load_state() == "stopped"


def test_what_can_not_be_started_is_tried_again(
    isolated: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_up("run")
    executor = FakeExecutor(failures=[OSError(28, "No space left on device")])
    troubles = []
    monkeypatch.setattr(dispatcher.time, "sleep", lambda _: troubles.append(load_trouble()))
    dispatch(isolated, executor)
    assert executor.journal == [("start", "run")]
    assert "No space left on device" in capsys.readouterr().out
    assert "No space left on device" in troubles[0], "for whoever waits"
    assert troubles[-1] == load_trouble() == ""


def test_run_that_can_not_be_started_keeps_nobody_waiting(isolated: Path) -> None:
    """It stays in the queue, and is tried again until its directory is repaired or deleted."""

    class Choosy(FakeExecutor):
        def start(self, run: Run) -> str:
            if run.run_id == "bad" and open_run("good").load_state() != "finished":
                raise IsADirectoryError(21, "Is a directory", str(run.path / "worker.log"))
            return super().start(run)

    queue_up("bad", "good")
    executor = Choosy()
    dispatch(isolated, executor)
    assert executor.journal == [("start", "good"), ("start", "bad")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("launch.json", b'{"pid": "x"}'),
        ("recipe.json", b"[" * 200_000),
        ("report.json", b'{"test": {}}'),
        ("status.json", b'{"epoch": "x", "seconds": NaN}'),
        ("queue.json", b'{"place": NaN}'),
        ("queue.json", b'{"place": 1' + b"0" * 400 + b"}"),
        ("notes.json", b"[" * 200_000),
    ],
)
def test_damaged_run_stops_nothing(isolated: Path, name: str, content: bytes) -> None:
    queue_up("bad", "good")
    make_run("running", "orphan")
    (isolated / "bad" / name).write_bytes(content)
    (make_run("finished", "old").path / name).write_bytes(content)
    executor = FakeExecutor()
    dispatch(isolated, executor)
    assert open_run("good").load_state() == "finished"
    assert open_run("orphan").load_state() == "finished"


def test_folder_in_place_of_queue_json_keeps_nobody_from_queueing(isolated: Path) -> None:
    queue_up("bad", "good")
    (isolated / "bad" / "queue.json").unlink()
    (isolated / "bad" / "queue.json").mkdir()
    queue_up("new")
    assert [run.run_id for run in list_queue()] == ["good", "new", "bad"]


def test_fault_of_the_program_is_logged_and_the_loop_goes_on(
    isolated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    queue_up("run")
    executor = FakeExecutor(failures=[RecursionError("a fault")])  # type: ignore[list-item]
    dispatch(isolated, executor)
    assert executor.journal == [("start", "run")]
    output = capsys.readouterr()
    assert "a fault Trying again" in output.out
    assert "Traceback" in output.err


def test_run_deleted_before_its_turn_is_passed_over(isolated: Path) -> None:
    class Late(FakeExecutor):
        def start(self, run: Run) -> str:
            if run.run_id == "gone":
                shutil.rmtree(run.path)
                raise FileNotFoundError(run.path)
            return super().start(run)

    queue_up("gone", "here")
    executor = Late()
    dispatch(isolated, executor)
    assert executor.journal == [("start", "here")]


def test_dispatcher_itself_can_neither_start_nor_end_a_process() -> None:
    text = Path(dispatcher.__file__).read_text()
    for word in ("subprocess", "psutil", "fmnist.runs.processes", "LocalExecutor"):
        assert word not in text


def test_in_classroom_mode_each_start_is_a_turn(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_classroom(monkeypatch)
    for run_id, owner in (("a1", "Ada"), ("a2", "Ada"), ("a3", "Ada"), ("b1", "Bob")):
        launcher.start_run(Recipe("baseline"), run_id=run_id, owner=owner)
    executor = FakeExecutor()
    dispatch(isolated, executor)
    assert [name for _, name in executor.journal] == ["a1", "b1", "a2", "a3"]


def test_paused_queue_adopts_workers_and_starts_nothing_until_it_goes_on(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_classroom(monkeypatch)
    queue_up("waiting")
    make_run("running", "orphan")
    set_paused(paused=True)
    executor = FakeExecutor(looks=9)
    looks: list[list[tuple[str, str]]] = []

    def look(_seconds: float) -> None:
        looks.append(list(executor.journal))
        if len(looks) == 5:
            set_paused(paused=False)

    monkeypatch.setattr(dispatcher.time, "sleep", look)
    dispatch(isolated, executor, limit=2)
    assert looks[:5] == [[("start", "orphan")]] * 5
    assert executor.journal == [("start", "orphan"), ("start", "waiting")]
