from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist.inference import InferencePool
from fmnist.inference import inference_pool as pool_module
from fmnist.runs import Recipe, create_run, open_run
from fmnist.settings import PROJECT_DIR

pytestmark = pytest.mark.processes

A_PICTURE = np.full((1, 28, 28), 9, np.uint8)


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
    """Each page rerun is a thread; with one worker per thread, every prediction was a cold
    start."""
    pool, run = InferencePool(), open_run("whole")
    workers: list[int] = []

    def ask(number: int) -> None:
        pool.predict(run, test_images[number : number + 1])
        workers.append(pool_module._WORKER.start().pid)

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


@pytest.mark.slow
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
