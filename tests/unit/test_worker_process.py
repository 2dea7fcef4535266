"""A worker's process: it answers, is killed when it hangs, and ends with its parent."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from fmnist.settings import PROJECT_DIR
from fmnist.worker_process import (
    OUT_OF_MEMORY,
    PIPE_BYTES,
    WorkerEndedError,
    WorkerHungError,
    WorkerProcess,
)

pytestmark = pytest.mark.processes

LIMITS = {"seconds": 30.0, "start_seconds": 60.0}


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    worker = WorkerProcess("tests.support.echo_worker", {})
    yield worker
    worker.kill()


def test_questions_are_answered_in_order(worker: WorkerProcess) -> None:
    futures = [worker.submit("echo", number) for number in range(20)]
    assert [future.result(60) for future in futures] == [(number,) for number in range(20)]
    with pytest.raises(ValueError, match="bad shape"):
        worker.ask("fail", "bad shape", **LIMITS)
    assert worker.ask("echo", "goes on", **LIMITS) == ("goes on",)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has pipes of a chosen size")
def test_the_pipes_hold_most_of_a_picture(worker: WorkerProcess) -> None:
    import fcntl

    pipes = worker._process.stdin, worker._process.stdout
    sizes = [fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ) for pipe in pipes]
    assert sizes == [PIPE_BYTES, PIPE_BYTES]


def test_questions_to_a_dead_worker_fail_with_its_exit_code(worker: WorkerProcess) -> None:
    assert worker.ask("echo", 1, **LIMITS) == (1,)
    psutil.Process(worker.pid).kill()
    for _ in range(2):
        with pytest.raises(WorkerEndedError) as caught:
            worker.ask("echo", 2, **LIMITS)
        assert caught.value.exit_code == -9
    assert worker.has_ended


def test_a_worker_that_hangs_is_killed(worker: WorkerProcess) -> None:
    assert worker.ask("echo", 1, **LIMITS) == (1,)
    process = psutil.Process(worker.pid)
    with pytest.raises(WorkerHungError, match=r"within 0\.5 seconds") as caught:
        worker.ask("hang", seconds=0.5, start_seconds=60)
    assert caught.value.is_warm
    assert worker.has_ended
    assert process.wait(30) in (-9, None)


def test_a_worker_that_does_not_start_is_killed(worker: WorkerProcess) -> None:
    psutil.Process(worker.pid).suspend()
    with pytest.raises(WorkerHungError) as caught:
        worker.ask("echo", 1, seconds=30, start_seconds=0.2)
    assert not caught.value.is_warm
    assert worker.has_ended


def test_a_question_that_is_not_taken_does_not_hold_up_who_asks(worker: WorkerProcess) -> None:
    """A pipe holds a megabyte; the rest of a picture waits for a process that may never read it."""
    worker.ask("echo", 1, **LIMITS)
    psutil.Process(worker.pid).suspend()
    done = threading.Event()

    def ask() -> None:
        with pytest.raises(WorkerHungError):
            worker.ask("echo", bytes(5_000_000), seconds=0.2, start_seconds=60)
        done.set()

    threading.Thread(target=ask, daemon=True).start()
    assert done.wait(30)


def test_a_worker_out_of_memory_ends_and_says_why(worker: WorkerProcess) -> None:
    with pytest.raises(WorkerEndedError) as caught:
        worker.ask("use_all_memory", **LIMITS)
    assert caught.value.exit_code == OUT_OF_MEMORY


SERVER = """
import time
from fmnist.worker_process import WorkerProcess
print(WorkerProcess("tests.support.echo_worker", {}).pid, flush=True)
time.sleep(60)
"""


def test_worker_ends_with_a_killed_server() -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    worker = psutil.Process(int(server.stdout.readline()))
    server.kill()
    server.wait(30)
    worker.wait(30)
    assert not worker.is_running()


def test_a_worker_whose_answer_nobody_takes_any_more_ends_silently() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.echo_worker"],
        cwd=PROJECT_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdout.close()
    pickle.dump(("echo", ("to nobody",)), process.stdin)
    process.stdin.flush()  # and not closed: its end is not what ends the worker
    assert process.wait(60) == 0
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()
