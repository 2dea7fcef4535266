"""The shipped runs are complete, as accurate as promised, and described truly in the documents."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from fmnist import settings
from fmnist.data import load_dataset
from fmnist.networks import find_network
from fmnist.onnx_worker.functions import find_fault
from fmnist.runs import RunState, open_run
from tests.support import in_keras_networks as keras_checks
from tests.support.archives import REAL_ARCHIVE

FLOORS = {"baseline": 0.89, "cnn": 0.925, "compact": 0.945, "record": 0.945, "outside": 0.92}
H5 = settings.PROJECT_DIR / "models" / "fashion_mnist_cnn_custom.h5"


@pytest.fixture(params=list(FLOORS))
def shipped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FMNIST_MODELS", str(settings.PROJECT_DIR / "models"))
    return open_run(request.param)


def test_run_ships_the_onnx_file_of_its_model(shipped) -> None:
    model_sha256 = hashlib.sha256(shipped.model_path.read_bytes()).hexdigest()
    assert find_fault(str(shipped.onnx_path), model_sha256) == ""


def test_run_is_finished_and_good_enough(shipped) -> None:
    report = shipped.load_report()
    assert shipped.load_state() is RunState.FINISHED
    assert report.data_name == "Fashion-MNIST"
    assert (report.n_train + report.n_validation, report.n_test) == (60_000, 10_000)
    assert report.test["accuracy"] >= FLOORS[shipped.run_id]
    low, high = find_network(shipped.recipe.network).parameter_range
    assert low <= report.parameters <= high


def test_report_follows_from_the_predictions(shipped) -> None:
    report, predictions = shipped.load_report(), shipped.load_predictions()
    for part, y_true, y_proba in (
        (report.validation, predictions.val_true, predictions.val_proba),
        (report.test, predictions.test_true, predictions.test_proba),
    ):
        assert part["accuracy"] == pytest.approx(np.mean(y_proba.argmax(axis=1) == y_true))
    history = shipped.load_history()
    kept = history["val_accuracy"][report.best_epoch - 1]
    assert report.validation["accuracy"] == pytest.approx(kept)
    # The script that trained compact kept its last epoch.
    is_best = report.best_epoch == history["val_accuracy"].argmax() + 1
    assert is_best or report.best_epoch == report.epochs_run


@pytest.mark.parametrize("document", ["README.md", "docs/results.md"])
def test_documents_tell_the_reports_figures(shipped, document: str) -> None:
    report = shipped.load_report()
    text = (settings.PROJECT_DIR / document).read_text()
    rows = [line for line in text.splitlines() if line.startswith(f"| `{shipped.run_id}` ")]
    assert len(rows) == 1
    assert f"{report.test['accuracy'] * 100:.2f}%" in rows[0]
    assert f"{report.parameters:,}" in rows[0]


def test_h5_is_small_and_answers_as_the_run_does(in_keras) -> None:
    assert H5.stat().st_size <= 5.1e6
    images = np.random.default_rng(0).integers(0, 256, (8, 28, 28), dtype=np.uint8)
    run_model = settings.PROJECT_DIR / "models" / "cnn" / "model.keras"
    h5, run = (in_keras(keras_checks.predict, str(path), images) for path in (H5, run_model))
    np.testing.assert_allclose(h5, run, atol=1e-6)
    assert Path(H5).name in (settings.PROJECT_DIR / "README.md").read_text()


@pytest.mark.real_data
def test_shipped_run_was_tested_on_the_real_set(
    shipped, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path))
    dataset = load_dataset(download=False)
    predictions = shipped.load_predictions()
    assert predictions.test_fingerprint == dataset.fingerprints["test"]
    assert predictions.train_fingerprint == dataset.fingerprints["train"]
