"""What a person is told when a network or its process fails, and that the next answer comes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist import settings, worker_process
from fmnist.errors import InferenceError
from fmnist.inference import InferencePool
from fmnist.inference import inference_pool as pool_module
from fmnist.runs import Recipe, create_run, open_run
from fmnist.worker_process import OUT_OF_MEMORY, WorkerEndedError

pytestmark = pytest.mark.processes

A_PICTURE = np.full((1, 28, 28), 9, np.uint8)


def find_pid() -> int:
    return pool_module._WORKER.start().pid


def test_run_without_a_model_is_reported(isolated: Path) -> None:
    with pytest.raises(InferenceError, match="The run new has no model yet"):
        InferencePool().predict(create_run(Recipe("cnn"), run_id="new"), A_PICTURE)


@pytest.mark.parametrize(
    "content",
    [
        b"no model",
        *(pytest.param(each, marks=pytest.mark.slow) for each in (b"", b"PK\x03\x04 cut")),
    ],
)
def test_damaged_model_is_reported_with_its_file(isolated: Path, content: bytes) -> None:
    run = create_run(Recipe("cnn"), run_id=f"bad-{len(content)}")
    (run.path / "model.keras").write_bytes(content)
    with pytest.raises(InferenceError, match=r"model\.keras is damaged.*train the run again"):
        InferencePool().predict(run, A_PICTURE)


def test_worker_that_can_not_be_started_is_reported(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    pool_module._WORKER.end()
    monkeypatch.setattr(worker_process.subprocess, "Popen", fail)
    pool = InferencePool()
    pool.warm()
    with pytest.raises(InferenceError, match="can't be started: Resource temporarily unavailable"):
        pool.predict(open_run("whole"), A_PICTURE)


def test_pool_answers_after_its_worker_was_killed(models: Path, test_images: np.ndarray) -> None:
    pool, run = InferencePool(), open_run("whole")
    before = pool.predict(run, test_images[:3])
    pid = find_pid()
    psutil.Process(pid).kill()
    # Another pool with the same worker: this one has cached its answers.
    np.testing.assert_array_equal(InferencePool().predict(run, test_images[:3]), before)
    assert find_pid() != pid


def test_worker_that_hangs_is_replaced_and_reported(
    models: Path, test_images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, run = InferencePool(), open_run("whole")
    before = pool.predict(run, test_images[:3])
    hung = psutil.Process(find_pid())
    hung.suspend()
    monkeypatch.setattr(settings, "ANSWER_SECONDS", 0.5)
    with pytest.raises(InferenceError) as caught:
        InferencePool().predict(run, test_images[:3])
    assert "did not answer within" in str(caught.value)
    assert "the process that runs it was ended" in str(caught.value)
    assert hung.wait(30) in (-9, None)
    monkeypatch.undo()
    monkeypatch.setenv("FMNIST_MODELS", str(models))
    assert find_pid() != hung.pid
    np.testing.assert_array_equal(InferencePool().predict(run, test_images[:3]), before)


def test_worker_out_of_memory_is_replaced_and_the_run_not_blamed(
    models: Path, test_images: np.ndarray
) -> None:
    pool, run = InferencePool(), open_run("whole")
    before = pool.predict(run, test_images[:3])
    worker = psutil.Process(find_pid())
    used = worker.memory_info().data
    worker.rlimit(psutil.RLIMIT_DATA, (used + 1_000_000, psutil.RLIM_INFINITY))
    many = np.zeros((3_000, 28, 28), np.uint8)
    many[:3] = test_images[:3]
    np.testing.assert_allclose(InferencePool().predict(run, many)[:3], before, atol=1e-5)
    assert find_pid() != worker.pid


def test_memory_that_runs_out_twice_is_reported_in_words(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise WorkerEndedError(OUT_OF_MEMORY)

    monkeypatch.setattr(worker_process.WorkerProcess, "ask", fail)
    with pytest.raises(InferenceError) as caught:
        InferencePool().predict(open_run("whole"), A_PICTURE)
    assert "The memory ran out" in str(caught.value)
    assert "train the run again" not in str(caught.value)
