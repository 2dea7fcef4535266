"""A classical run from recipe to report, in the worker's process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from fmnist.classical.session import Session
from fmnist.data import load_dataset
from fmnist.errors import RecipeError
from fmnist.runs import Recipe, Run, RunState, create_run, open_run
from fmnist.settings import PROJECT_DIR
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
    answers = Session(run.onnx_path).predict(x_test)
    np.testing.assert_allclose(answers, predictions.test_proba, atol=1e-6)


@pytest.mark.processes
def test_stop_ends_a_fit_that_never_looks_up(isolated: Path, monkeypatch) -> None:
    """The fit hangs, as one long call into scikit-learn does; the process ends nevertheless."""
    run = create_run(Recipe("random_forest"), run_id="stopped")
    hanging = WORK.replace(
        "code = work",
        "import threading, fmnist.training.classical as c\n"
        "def hang(task):\n"
        "    (Path(sys.argv[1]) / 'stop').touch()\n"
        "    threading.Event().wait()\n"
        "c.fit_model = hang\n"
        "code = work",
    )
    worker = subprocess.run(
        [sys.executable, "-c", hanging, str(run.path)],
        check=False, cwd=PROJECT_DIR, capture_output=True, timeout=120, env=dict(os.environ),
    )  # fmt: skip
    assert worker.returncode == 0
    assert open_run("stopped").load_state() is RunState.STOPPED
    assert not open_run("stopped").has_model


def test_error_of_the_fit_reaches_the_process() -> None:
    def fail() -> None:
        raise RecipeError("no such setting")

    with pytest.raises(RecipeError, match="no such setting"):
        classical._run_in_thread(fail, lambda: None)


def test_what_polls_can_abandon_the_fit() -> None:
    blocked = threading.Event()

    def poll() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classical._run_in_thread(blocked.wait, poll)
    blocked.set()


def test_source_without_onnx_file_is_refused_with_the_remedy(isolated: Path) -> None:
    source = make_run("finished", "network")
    (source.path / "model.keras").touch()
    with pytest.raises(RecipeError, match=r"network has no model.onnx yet.*Predict page"):
        classical._find_source(Recipe("k_nearest_neighbours", start_from="network"))
    (source.path / "model.onnx").touch()
    found = classical._find_source(Recipe("k_nearest_neighbours", start_from="network"))
    assert found == source.path / "model.onnx"
