from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from fmnist.runs import Launch, RunState, Status, decide_state
from fmnist.runs.processes import (
    RunBusyError,
    claim_run,
    end_process,
    identify_process,
    is_alive,
    mark_ended,
)
from fmnist.runs.state import Listener
from fmnist.settings import PROJECT_DIR
from tests.support.runs import ATTEMPT, PID_NEVER_USED, make_run, write_launch, write_status


def say(state: str) -> Status:
    return Status(state=state, phase="", attempt=ATTEMPT)


@pytest.mark.parametrize(
    ("has_stop", "launched", "status", "alive", "expected"),
    [
        (False, False, None, False, "queued"),
        (True, False, None, False, "stopped"),  # left the queue
        (False, False, say("running"), False, "queued"),  # resumed, an old status still there
        (False, True, None, True, "running"),  # still importing
        (True, True, None, True, "stopping"),
        (True, True, None, False, "stopped"),  # ended while it was importing
        (False, True, None, False, "lost"),
        (False, True, say("running"), True, "running"),
        (True, True, say("running"), True, "stopping"),
        (False, True, say("running"), False, "lost"),
        (True, True, say("running"), False, "lost"),  # killed because it did not hear
        (False, True, say("stopped"), True, "stopped"),
        (True, True, say("stopped"), False, "stopped"),
        (False, True, say("failed"), True, "failed"),
        (True, True, say("failed"), False, "failed"),
        (False, True, say("finished"), False, "lost"),  # "finished" without a report
    ],
)  # fmt: skip
def test_state(
    has_stop: bool, launched: bool, status: Status | None, alive: bool | None, expected: str
) -> None:
    state = decide_state(
        has_report=False, has_stop=has_stop, launched=launched, status=status,
        process_alive=alive,
    )  # fmt: skip
    assert state == expected


@pytest.mark.parametrize(
    ("silence", "has_stop", "said", "expected"),
    [
        (0.0, False, "running", "running"),
        (29.0, False, "running", "running"),
        (29.0, True, "running", "stopping"),
        (31.0, False, "running", "lost"),
        (31.0, True, "running", "lost"),
        (999.0, False, "stopped", "stopped"),
        (999.0, False, "failed", "failed"),
    ],
)
def test_run_of_another_machine_is_lost_after_half_a_minute_of_silence(
    silence: float, has_stop: bool, said: str, expected: str
) -> None:
    state = decide_state(
        has_report=False, has_stop=has_stop, launched=True, status=say(said),
        process_alive=None, silence=silence,
    )  # fmt: skip
    assert state == expected


def test_silence_is_measured_from_the_last_new_sign_of_life() -> None:
    listener = Listener()
    assert listener.compute_silence("a", 5.0, now=100.0) == 0
    assert listener.compute_silence("a", 5.0, now=120.0) == 20
    assert listener.compute_silence("b", 5.0, now=120.0) == 0  # another run
    assert listener.compute_silence("a", 6.0, now=121.0) == 0
    assert listener.compute_silence("a", 6.0, now=160.0) == 39


def test_heartbeat_of_a_clock_that_was_set_back_is_a_sign_of_life() -> None:
    listener = Listener()
    listener.compute_silence("a", 1_000_000.0, now=100.0)
    assert listener.compute_silence("a", 996_400.0, now=140.0) == 0


def test_clock_set_back_or_on_leaves_the_state_as_it_is(
    isolated: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = make_run("running", "here"), make_run("running", "elsewhere")
    write_launch(elsewhere, alive=True, host="elsewhere")
    for shift in (-86_400.0, 86_400.0):
        monkeypatch.setattr(time, "time", lambda s=shift: time.monotonic() + s)
        # psutil adds the boot's time of day, which the clock moves, to the ticks since then.
        monkeypatch.setattr(psutil.Process, "create_time", lambda _p, s=shift: s)
        assert here.load_state() is RunState.RUNNING
        assert elsewhere.load_state() is RunState.RUNNING


def test_silent_run_of_another_machine_is_lost_by_the_steady_clock(
    isolated: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("running")
    write_launch(run, alive=True, host="elsewhere")
    assert run.load_state() is RunState.RUNNING
    steady = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: steady() + 31)
    assert run.load_state() is RunState.LOST
    write_status(run, "running", heartbeat=1.0)
    assert run.load_state() is RunState.RUNNING


def test_report_means_finished_whatever_else_is_there() -> None:
    for stop, launched, status, alive in itertools.product(
        (False, True), (False, True), (None, say("running"), say("failed")), (True, False, None)
    ):
        state = decide_state(
            has_report=True, has_stop=stop, launched=launched, status=status,
            process_alive=alive,
        )  # fmt: skip
        assert state is RunState.FINISHED


@pytest.mark.parametrize("state", list(RunState))
def test_run_directory_is_in_the_state_its_files_say(isolated: object, state: RunState) -> None:
    assert make_run(state.value).load_state() is state


def test_status_of_an_earlier_worker_does_not_count(isolated: object) -> None:
    run = make_run("queued")
    write_launch(run, alive=True)
    write_status(run, "failed", attempt="an earlier one")
    assert run.load_state() is RunState.RUNNING


@pytest.mark.parametrize("name", ["status.json", "launch.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null"])
def test_damaged_record_leaves_a_state_from_which_the_run_can_be_resumed(
    isolated: object, name: str, content: str
) -> None:
    run = make_run("lost")
    (run.path / name).write_text(content)
    assert run.load_state() is RunState.DAMAGED
    assert run.is_resumable


def test_this_process_is_alive_and_a_pid_of_nobody_is_not() -> None:
    assert is_alive(identify_process(os.getpid(), "a"))
    nobody = identify_process(PID_NEVER_USED, "a")
    assert not is_alive(nobody)
    end_process(nobody)


def test_pid_that_was_given_to_another_process_is_not_ours() -> None:
    mine = identify_process(os.getpid(), "a")
    earlier = dataclasses.replace(mine, since_boot=mine.since_boot and mine.since_boot - 60)
    unknown = dataclasses.replace(mine, since_boot=None, started=mine.started - 60)
    for other in (unknown, earlier) if mine.since_boot else (unknown,):
        assert is_alive(other) is False
        end_process(other, force=True)  # must not end this very process
    assert is_alive(dataclasses.replace(mine, since_boot=None))


def test_process_of_another_machine_can_not_be_asked_for() -> None:
    launch = Launch("a", os.getpid(), time.time(), host=f"not-{socket.gethostname()}")
    assert is_alive(launch) is None
    end_process(launch, force=True)


def test_zombie_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    launch = identify_process(child.pid, "a")
    assert is_alive(launch)
    child.kill()
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert is_alive(launch) is False
    child.wait()
    assert is_alive(launch) is False


@pytest.mark.parametrize(("force", "code"), [(False, -signal.SIGTERM), (True, -signal.SIGKILL)])
def test_process_is_ended(force: bool, code: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    end_process(identify_process(child.pid, "a"), force=force)
    assert child.wait(10) == code


def test_process_that_ended_stays_dead() -> None:
    ended = mark_ended(identify_process(os.getpid(), "a"), 3)
    assert ended.exit_code == 3
    assert is_alive(ended) is False


CLAIM = """
import sys, time
from pathlib import Path
from fmnist.runs.processes import claim_run
with claim_run(Path(sys.argv[1]), seconds=1):
    print("mine", flush=True)
    time.sleep(60)
"""


def test_run_belongs_to_one_worker_until_that_is_killed(isolated: Path) -> None:
    run = make_run("queued")
    holder = subprocess.Popen(
        [sys.executable, "-c", CLAIM, str(run.path)], stdout=subprocess.PIPE, cwd=PROJECT_DIR
    )
    try:
        assert holder.stdout.readline() == b"mine\n"
        with pytest.raises(RunBusyError, match=run.run_id), claim_run(run.path, seconds=0.2):
            pass
    finally:
        holder.kill()
        holder.communicate(timeout=10)
    with claim_run(run.path, seconds=5):
        pass


def test_directory_that_is_gone_can_not_be_claimed(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"), claim_run(tmp_path / "nowhere", seconds=0.2):
        pass
    assert not (tmp_path / "nowhere").exists()
