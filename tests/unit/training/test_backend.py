"""The backend of the training process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.inference import InferencePool
from fmnist.runs import Recipe, RunState, create_run, open_run
from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR
from fmnist.training.backend import choose_backend, import_backend
from tests.support import in_keras_training as run_checks
from tests.support.launching import wait_for

WAIT_SECONDS = 300.0


@pytest.mark.parametrize(
    ("given", "name"), [(None, "tensorflow"), ("", "tensorflow"), (" JAX ", "jax")]
)
def test_the_variable_decides(monkeypatch, given, name) -> None:
    monkeypatch.delenv("FMNIST_BACKEND", raising=False)
    if given is not None:
        monkeypatch.setenv("FMNIST_BACKEND", given)
    assert choose_backend() == name


def test_an_unknown_backend_is_named_with_those_that_work(monkeypatch) -> None:
    monkeypatch.setenv("FMNIST_BACKEND", "torch")
    with pytest.raises(RunError, match="'torch': set it to tensorflow or jax"):
        choose_backend()


def test_a_backend_that_is_not_installed_is_reported_with_the_remedy(monkeypatch) -> None:
    monkeypatch.setenv("FMNIST_BACKEND", "jax")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")  # restored after the test
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(RunError, match=r"pip install -r requirements-jax\.txt"):
        import_backend()


def test_tensorflow_computes_float32_as_float32_on_a_graphics_card(in_keras) -> None:
    assert in_keras(run_checks.keeps_float32)


@pytest.mark.slow
@pytest.mark.processes
def test_jax_computes_float32_as_float32_on_a_graphics_card(jax_python: Path) -> None:
    code = (
        "from fmnist.training.backend import import_backend; import_backend(); import jax; "
        "print(jax.config.jax_default_matmul_precision)"
    )
    done = subprocess.run(
        [jax_python, "-c", code], cwd=PROJECT_DIR, env={**os.environ, "FMNIST_BACKEND": "jax"},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "float32"


Train = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def train(jax_python: Path, isolated: Path) -> Train:
    """Start the command ``train`` there."""

    def start(*options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [jax_python, "-m", "fmnist", "train", *options],
            cwd=PROJECT_DIR,
            env={**os.environ, "FMNIST_BACKEND": "jax"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.slow
@pytest.mark.processes
def test_a_run_of_the_jax_environment_is_a_run_like_any_other(train: Train) -> None:
    recipe = ("--network", "baseline", "--epochs", "30", "--batch-size", "32")
    whole = train(*recipe, "--run", "whole")
    output, messages = whole.communicate(timeout=WAIT_SECONDS)
    assert whole.returncode == 0, messages
    report = json.loads(output)
    assert "jax" in report["versions"]
    assert "tensorflow" not in report["versions"]
    assert report["command"].startswith("FMNIST_BACKEND=jax python -m fmnist train")
    assert report["test"]["accuracy"] > 0.8

    run = open_run("whole")
    stored = run.load_predictions()
    y_proba = InferencePool().predict(run, np.asarray(load_dataset().x_test))
    np.testing.assert_allclose(y_proba, stored.test_proba, atol=1e-4)

    stopped = train(*recipe, "--run", "twice")
    other = open_run_when_there("twice")
    wait_for(lambda: len(other.load_history().get("epoch", ())) > 0, WAIT_SECONDS)
    other.request_stop()
    stopped.communicate(timeout=WAIT_SECONDS)
    assert other.load_state() is RunState.STOPPED, other.load_log()
    resumed = train("--resume", "twice")
    _, messages = resumed.communicate(timeout=WAIT_SECONDS)
    assert resumed.returncode == 0, messages
    np.testing.assert_allclose(other.load_predictions().test_proba, stored.test_proba, atol=1e-4)


@pytest.mark.slow
@pytest.mark.processes
def test_several_devices_come_to_what_one_does(jax_python: Path, isolated: Path) -> None:
    recipe = Recipe("baseline", width=0.25, epochs=2, batch_size=32, augmentation="flip_shift")
    runs = {}
    for count in (1, 2):
        runs[count] = create_run(recipe, run_id=f"on-{count}")
        subprocess.run(
            [jax_python, "-m", "fmnist.training", runs[count].path, "an attempt"],
            cwd=PROJECT_DIR,
            env={
                **os.environ,
                "FMNIST_BACKEND": "jax",
                "XLA_FLAGS": f"--xla_force_host_platform_device_count={count}",
            },
            stdout=(runs[count].path / RunFile.LOG).open("w"),
            timeout=WAIT_SECONDS,
            check=True,
        )
    assert "2 devices share each batch." in runs[2].load_log()
    assert "devices" not in runs[1].load_log()
    one, two = (run.load_predictions().test_proba for run in runs.values())
    np.testing.assert_allclose(two, one, atol=1e-3)


def open_run_when_there(run_id: str):
    """Return a run as soon as its directory is there."""

    def is_there() -> bool:
        try:
            return bool(open_run(run_id))
        except RunError:
            return False

    wait_for(is_there, WAIT_SECONDS)
    return open_run(run_id)
