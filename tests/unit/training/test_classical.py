"""A classical run from recipe to report, in the worker's process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.errors import RecipeError
from fmnist.inference import InferencePool
from fmnist.runs import Recipe, Run, RunState, create_run, open_run
from fmnist.runs.onnx_file import get_cached_path
from fmnist.settings import PROJECT_DIR
from fmnist.takeaway.exports import find_model, list_formats
from fmnist.training import classical
from tests.support.runs import make_run

WORK = """
import sys
from pathlib import Path
from fmnist.training.__main__ import work
code = work(Path(sys.argv[1]), "attempt-1")
print("loaded", *sorted({"keras", "tensorflow", "jax", "streamlit"} & set(sys.modules)))
sys.exit(code)
"""


def start(run: Run) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(run.path)],
        cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip


@pytest.mark.processes
def test_worker_fits_reports_and_answers_without_keras(isolated: Path) -> None:
    run = create_run(Recipe("logistic_regression", epochs=10), run_id="plain")
    worker = start(run)
    output, _ = worker.communicate(timeout=300)
    assert worker.returncode == 0
    assert output.splitlines()[-1] == "loaded"
    run = open_run("plain")
    assert run.load_state() is RunState.FINISHED
    assert run.model_path is None
    assert run.has_model
    report, predictions = run.load_report(), run.load_predictions()
    assert report.parameters == 7850
    assert report.test["accuracy"] > 0.8
    assert report.milliseconds_per_image > 0
    assert report.calibration["temperature"] > 0
    assert {"scikit-learn", "onnxruntime"} <= set(report.versions)
    x_test = np.asarray(load_dataset().x_test)
    answers = InferencePool().predict(run, x_test)
    np.testing.assert_allclose(answers, predictions.test_proba, atol=1e-6)
    assert (list_formats(run), find_model(run)) == (["onnx"], run.onnx_path)


STOPPED = """
import runpy, sys
from pathlib import Path
import numpy as np
from fmnist.classical.graphs import HOG, build_linear
from fmnist.classical.session import Session
from fmnist.training import classical

def compute_for_ever(task):
    empty = build_linear(HOG, np.zeros((1296, 10)), np.zeros(10))
    session = Session(empty.SerializeToString())
    images = np.zeros((400, 28, 28), np.uint8)
    session.extract(images)
    (Path(sys.argv[1]) / "stop").touch()
    while True:
        session.extract(images)

classical.fit_model = compute_for_ever
runpy.run_module("fmnist.training", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.processes
def test_stop_ends_a_fit_that_never_looks_up(isolated: Path) -> None:
    """The process ends well although its thread computes on, as in one long call of a library."""
    run = create_run(Recipe("random_forest"), run_id="stopped")
    worker = subprocess.run(
        [sys.executable, "-c", STOPPED, str(run.path), "attempt-1"],
        check=False, cwd=PROJECT_DIR, capture_output=True, timeout=120, env=dict(os.environ),
    )  # fmt: skip
    assert worker.returncode == 0, worker.stderr
    assert open_run("stopped").load_state() is RunState.STOPPED
    assert not open_run("stopped").has_model


def test_error_of_the_fit_reaches_the_process() -> None:
    def fail() -> None:
        raise RecipeError("no such setting")

    with pytest.raises(RecipeError, match="no such setting"):
        classical._run_in_thread(fail, lambda: None, threading.Event())


def test_what_polls_can_abandon_the_fit() -> None:
    is_over = threading.Event()

    def poll() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classical._run_in_thread(is_over.wait, poll, is_over)
    assert is_over.is_set()


def test_source_without_onnx_file_is_refused_with_the_remedy(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    source = make_run("finished", "network")
    (source.path / "model.keras").touch()
    with pytest.raises(RecipeError, match=r"network has no model.onnx yet.*Predict page"):
        classical._find_source(Recipe("k_nearest_neighbours", start_from="network"))
    cached = get_cached_path(hashlib.sha256(b"").hexdigest())
    cached.parent.mkdir(parents=True)
    cached.touch()
    found = classical._find_source(Recipe("k_nearest_neighbours", start_from="network"))
    assert found == cached
    (source.path / "model.onnx").touch()
    found = classical._find_source(Recipe("k_nearest_neighbours", start_from="network"))
    assert found == source.path / "model.onnx"
