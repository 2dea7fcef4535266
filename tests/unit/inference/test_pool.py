from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from fmnist import settings, worker_process
from fmnist.errors import InferenceError
from fmnist.inference import InferencePool
from fmnist.inference import pool as pool_module
from fmnist.runs import Recipe, create_run, open_run
from fmnist.settings import PROJECT_DIR
from fmnist.worker_process import OUT_OF_MEMORY, WorkerEndedError

pytestmark = pytest.mark.processes

A_PICTURE = np.full((1, 28, 28), 9, np.uint8)


@pytest.fixture
def models(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    return trained


@pytest.fixture
def test_images(
    tiny_archive: Path, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> np.ndarray:
    from fmnist.data import load_dataset

    monkeypatch.setenv("FMNIST_ARCHIVE", str(tiny_archive))
    monkeypatch.setenv("FMNIST_CACHE", str(tiny_cache))
    return np.asarray(load_dataset().x_test)


def find_pid() -> int:
    return pool_module._WORKER.start().pid


def test_answers_are_those_of_the_report(models: Path, test_images: np.ndarray) -> None:
    run = open_run("whole")
    y_proba = InferencePool().predict(run, test_images)
    assert InferencePool().prepare(run).result(60) == run.path / "model.onnx"
    assert (y_proba.shape, y_proba.dtype) == ((200, 10), np.float32)
    np.testing.assert_allclose(y_proba, run.load_predictions().test_proba, atol=1e-4)
    np.testing.assert_allclose(
        InferencePool().predict(run, test_images[:1]), y_proba[:1], atol=1e-5
    )


def test_no_images_no_answers(models: Path) -> None:
    assert InferencePool().predict(open_run("whole"), np.zeros((0, 28, 28), np.uint8)).shape == (
        0,
        10,
    )


def test_features_are_what_enters_the_last_layer(models: Path, test_images: np.ndarray) -> None:
    """More images than one question holds, in the order given."""
    many = np.concatenate([test_images, test_images])
    features = InferencePool().extract(open_run("whole"), many)
    assert (features.shape, features.dtype) == ((400, 256), np.float32)
    np.testing.assert_allclose(features[200:], features[:200], atol=1e-5)
    assert (features >= 0).all()  # after a ReLU
    assert features.std(axis=0).any()


def test_every_thread_asks_the_same_worker(models: Path, test_images: np.ndarray) -> None:
    """Each run of a page is a thread of its own; a worker a thread made every answer a cold one."""
    pool, run = InferencePool(), open_run("whole")
    workers: list[int] = []

    def ask(number: int) -> None:
        pool.predict(run, test_images[number : number + 1])
        workers.append(find_pid())

    for number in (10, 11, 12):
        thread = threading.Thread(target=ask, args=(number,))
        thread.start()
        thread.join()
    assert len(workers) == 3
    assert len(set(workers)) == 1


def test_equal_images_are_asked_about_once(
    models: Path, test_images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, run = InferencePool(), open_run("whole")
    first = pool.predict(run, test_images[:3])
    asked: list[int] = []

    def answer(_self: InferencePool, function: str, _path: str, images: Any, *_: str) -> Any:
        if function != "compute":
            return ""
        asked.append(len(images))
        return np.zeros((len(images), 10), np.float32)

    monkeypatch.setattr(InferencePool, "_call", answer)
    np.testing.assert_array_equal(pool.predict(run, test_images[:3].copy()), first)
    assert asked == []
    assert not pool.predict(run, test_images[:2]).any()
    assert not pool.predict(run, test_images[[0, 2, 1]]).any()  # the same pixels in other order
    assert asked == [2, 3]


def test_run_without_a_model_is_reported(isolated: Path) -> None:
    with pytest.raises(InferenceError, match="The run new has no model yet"):
        InferencePool().predict(create_run(Recipe("cnn"), run_id="new"), A_PICTURE)


@pytest.mark.parametrize("content", [b"", b"no model", b"PK\x03\x04 cut"])
def test_damaged_model_is_reported_with_its_file(isolated: Path, content: bytes) -> None:
    run = create_run(Recipe("cnn"), run_id=f"bad-{len(content)}")
    (run.path / "model.keras").write_bytes(content)
    with pytest.raises(InferenceError, match=r"model\.keras is damaged.*train the run again"):
        InferencePool().predict(run, A_PICTURE)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("none/x.h5", "No such file or directory"),
        ("folder.h5", "Is a directory"),
        ("file/x.h5", "Not a directory"),
    ],
)
def test_target_that_can_not_be_written_is_not_blamed_on_the_network(
    models: Path, tmp_path: Path, name: str, cause: str
) -> None:
    (tmp_path / "folder.h5" / "full").mkdir(parents=True)
    (tmp_path / "file").touch()
    with pytest.raises(InferenceError) as caught:
        InferencePool().export(open_run("whole"), tmp_path / name)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / name} can't be written: {cause}.")
    assert "train" not in message
    assert not list(tmp_path.rglob("*.tmp"))


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


def test_model_that_was_trained_further_is_loaded_again(
    isolated: Path, trained: Path, test_images: np.ndarray
) -> None:
    pool = InferencePool()
    run = create_run(Recipe("baseline"), run_id="grows")
    shutil.copy(trained / "early" / "model.keras", run.path)
    os.utime(run.path / "model.keras", (1, 1))
    early = pool.predict(run, test_images[:5])
    shutil.copy(trained / "whole" / "model.keras", run.path)
    assert not np.allclose(pool.predict(run, test_images[:5]), early)


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_exported_network_is_one_file_without_optimiser(
    models: Path, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / f"network{suffix}"
    InferencePool().export(open_run("whole"), target)
    assert 538_122 * 4 < target.stat().st_size < 538_122 * 4 + 200_000


def test_pool_answers_after_its_worker_was_killed(models: Path, test_images: np.ndarray) -> None:
    pool, run = InferencePool(), open_run("whole")
    before = pool.predict(run, test_images[:3])
    pid = find_pid()
    psutil.Process(pid).kill()
    # Another pool with the same worker: this one has cached its answers.
    np.testing.assert_array_equal(InferencePool().predict(run, test_images[:3]), before)
    assert find_pid() != pid


def test_worker_that_hangs_is_replaced_and_the_person_told(
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


def test_memory_that_runs_out_twice_is_told_in_words(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise WorkerEndedError(OUT_OF_MEMORY)

    monkeypatch.setattr(worker_process.WorkerProcess, "ask", fail)
    with pytest.raises(InferenceError) as caught:
        InferencePool().predict(open_run("whole"), A_PICTURE)
    assert "The memory ran out" in str(caught.value)
    assert "train the run again" not in str(caught.value)


CALLER = """
import sys
import numpy as np
from fmnist.inference import InferencePool
from fmnist.runs import open_run

if __name__ == "__main__":
    answer = InferencePool().predict(open_run("whole"), np.zeros((1, 28, 28), np.uint8))
    print(answer.shape, sorted({"tensorflow", "keras"} & set(sys.modules)))
"""


def run_caller(*before: str, code: str = CALLER) -> str:
    done = subprocess.run(
        [*before, sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True,
        timeout=240, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_process_that_asks_stays_free_of_tensorflow_and_leaves_no_worker(models: Path) -> None:
    assert run_caller() == "(1, 10) []"


@pytest.mark.skipif(sys.platform != "linux", reason="mounts in a namespace of its own")
def test_pool_answers_where_there_are_no_semaphores(models: Path) -> None:
    """As in containers whose ``/dev/shm`` is missing or read-only."""
    private = ["unshare", "-m", "sh", "-c"]
    mount = "mount -t tmpfs -o ro tmpfs /dev/shm"
    if subprocess.run([*private, mount], capture_output=True, check=False).returncode:
        pytest.skip("a read-only /dev/shm can't be mounted here")
    assert run_caller(*private, f'{mount} && exec "$@"', "sh") == "(1, 10) []"


NO_SEMAPHORES = """
import _multiprocessing
def fail(*_): raise OSError(30, "Read-only file system")
_multiprocessing.SemLock = fail
"""


def test_pool_answers_where_every_semaphore_fails(models: Path) -> None:
    assert run_caller(code=NO_SEMAPHORES + CALLER) == "(1, 10) []"
