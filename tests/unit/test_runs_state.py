from __future__ import annotations

import dataclasses
import itertools
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
from run_fixtures import ATTEMPT, PID_NEVER_USED, make_run, write_launch, write_status

from fmnist.runs import Launch, RunState, Status, decide_state
from fmnist.runs.processes import end_process, identify_process, is_alive, mark_ended

NOW = 1_000_000.0


def say(state: str, heartbeat: float = NOW) -> Status:
    return Status(state=state, phase="", attempt=ATTEMPT, heartbeat=heartbeat)


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
        # Another machine: only the heartbeat tells.
        (False, True, say("running", NOW - 29), None, "running"),
        (True, True, say("running", NOW - 29), None, "stopping"),
        (False, True, say("running", NOW - 31), None, "lost"),
        (True, True, say("running", NOW - 31), None, "lost"),
        (False, True, say("stopped", NOW - 999), None, "stopped"),
        (False, True, None, None, "lost"),
    ],
)  # fmt: skip
def test_state(
    has_stop: bool, launched: bool, status: Status | None, alive: bool | None, expected: str
) -> None:
    state = decide_state(
        has_report=False, has_stop=has_stop, launched=launched, status=status,
        process_alive=alive, now=NOW,
    )  # fmt: skip
    assert state == expected


def test_report_means_finished_whatever_else_is_there() -> None:
    for stop, launched, status, alive in itertools.product(
        (False, True), (False, True), (None, say("running"), say("failed")), (True, False, None)
    ):
        state = decide_state(
            has_report=True, has_stop=stop, launched=launched, status=status,
            process_alive=alive, now=NOW,
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


def test_run_of_another_machine_is_lost_after_half_a_minute_of_silence(isolated: object) -> None:
    run = make_run("running")
    write_launch(run, alive=True, host="elsewhere")
    write_status(run, "running", heartbeat=NOW)
    assert run.load_state(NOW + 29) is RunState.RUNNING
    assert run.load_state(NOW + 31) is RunState.LOST


@pytest.mark.parametrize("name", ["status.json", "launch.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null"])
def test_damaged_record_leaves_a_state_from_which_the_run_can_be_resumed(
    isolated: object, name: str, content: str
) -> None:
    run = make_run("lost")
    (run.path / name).write_text(content)
    assert run.load_state() is RunState.LOST


def test_this_process_is_alive_and_a_pid_of_nobody_is_not() -> None:
    assert is_alive(identify_process(os.getpid(), "a"))
    nobody = identify_process(PID_NEVER_USED, "a")
    assert not is_alive(nobody)
    end_process(nobody)


def test_pid_that_was_given_to_another_process_is_not_ours() -> None:
    mine = identify_process(os.getpid(), "a")
    other = dataclasses.replace(mine, started=mine.started - 60)
    assert is_alive(other) is False
    end_process(other, force=True)  # must not end this very process


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
