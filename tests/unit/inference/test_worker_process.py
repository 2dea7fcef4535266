"""The worker's process: what it says of failures, and that it ends with whoever started it."""

from __future__ import annotations

import errno
import importlib
import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest

from fmnist.errors import InferenceError, RecipeError
from fmnist.inference import __main__ as worker_main
from fmnist.inference.worker_process import WorkerEndedError, WorkerProcess
from fmnist.settings import PROJECT_DIR


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's."""


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        (MemoryError(), "The memory ran out", "Close other programs"),
        (ResourceExhaustedError("OOM"), "The memory ran out", "Close other programs"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/runs/a/model.keras"),
            "/runs/a/model.keras can't be read or written: Permission denied",
            "Check the disk and the permissions",
        ),
        (ValueError("bad shape\nmore"), "can't be run: ValueError: bad shape.", "another run"),
    ],
)
def test_each_kind_of_failure_names_its_cause_and_remedy(
    error: Exception, cause: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(importlib, "import_module", lambda _: SimpleNamespace(ask=fail))
    failed, raised = worker_main.answer("ask", ())
    assert failed
    assert isinstance(raised, InferenceError)
    assert cause in str(raised)
    assert remedy in str(raised)


def test_errors_of_our_own_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    error = RecipeError("There is no network named 'vit'.")

    def fail() -> None:
        raise error

    monkeypatch.setattr(importlib, "import_module", lambda _: SimpleNamespace(ask=fail))
    assert worker_main.answer("ask", ()) == (True, error)


def test_keras_that_can_not_be_imported_is_not_blamed_on_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'")

    monkeypatch.setattr(importlib, "import_module", fail)
    failed, error = worker_main.answer("predict", ())
    assert failed
    assert "Keras and TensorFlow can't be loaded: ModuleNotFoundError" in str(error)
    assert "train" not in str(error)


@pytest.mark.processes
def test_questions_to_a_dead_worker_fail_with_its_exit_code() -> None:
    worker = WorkerProcess()
    waiting = worker.submit("warm")
    worker.kill()
    for future in (waiting, worker.submit("warm")):
        with pytest.raises(WorkerEndedError) as caught:
            future.result(60)
        assert caught.value.exit_code == -9
    assert worker.has_ended


SERVER = """
import time
from fmnist.inference.worker_process import WorkerProcess
print(WorkerProcess().pid, flush=True)
time.sleep(60)
"""


@pytest.mark.processes
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
