"""What a finished run holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fmnist.evaluation.evaluate import compute_evaluation
from fmnist.runs import RunState, load_summary, open_run
from fmnist.runs.watch import load_watch
from tests.support import in_keras_training as run_checks


def test_finished_run_is_complete(models: Path) -> None:
    run = open_run("whole")
    assert run.load_state() is RunState.FINISHED
    names = {path.name for path in run.path.iterdir()}
    assert names >= {
        "recipe.json", "status.json", "history.csv", "steps.csv", "checkpoint", "model.keras",
        "model.onnx", "predictions.npz", "report.json",
    }  # fmt: skip
    assert not [name for name in names if name.startswith(".")]
    status = run.load_status()
    assert (status.state, status.epoch, status.error) == ("finished", 4, None)


def test_report_shows_what_the_predictions_show(models: Path) -> None:
    run = open_run("whole")
    report, predictions = run.load_report(), run.load_predictions()
    assert (report.n_train, report.n_validation, report.n_test) == (480, 120, 200)
    assert len(predictions.test_true) == 200
    np.testing.assert_allclose(predictions.test_proba.sum(axis=1), 1, rtol=1e-4)
    summary = compute_evaluation(predictions.test_true, predictions.test_proba).summary
    assert report.test["accuracy"] == pytest.approx(summary.accuracy)
    chosen = predictions.val_proba[np.arange(120), predictions.val_true]
    assert report.validation["loss"] == pytest.approx(-np.log(chosen).mean(), rel=1e-3)
    history = run.load_history()
    assert report.validation["accuracy"] == pytest.approx(history["val_accuracy"].max(), abs=1e-6)
    assert report.best_epoch == 1 + int(history["val_accuracy"].argmax())
    assert report.epochs_run == 4
    assert report.parameters == 538_122
    assert 0.25 <= report.calibration["temperature"] <= 8
    assert 0.3 <= report.calibration["in_distribution_threshold"] <= 1
    assert tuple(report.calibration["coverage"][-1]) == (1.0, report.calibration["accuracy"])
    assert report.data["kind"] == "idx"
    assert report.data["test"] == predictions.test_fingerprint
    assert report.command.startswith("python -m fmnist train --network baseline --epochs 4")
    assert json.loads(run.report_path.read_text())["seed"] == 3


@pytest.mark.slow
def test_run_on_all_images_keeps_its_last_epoch_and_validates_nothing(
    in_keras, tiny_archive: Path, tiny_cache: Path, isolated: Path
) -> None:
    folders = (str(tiny_archive), str(tiny_cache), str(isolated))
    in_keras(run_checks.train_one, *folders, "all", epochs=2, validation_share=0.0)
    run = open_run("all")
    report, history, predictions = run.load_report(), run.load_history(), run.load_predictions()
    assert (report.n_train, report.n_validation, report.validation) == (600, 0, None)
    assert (report.best_epoch, report.epochs_run) == (2, 2)
    assert report.calibration == {}
    assert set(report.flipped) == {"test"}
    assert list(history) == ["epoch", "loss", "accuracy", "learning_rate", "seconds"]
    assert predictions.val_proba.shape == (0, 10)
    assert load_watch(run.path) is None
    summary = load_summary(run)
    assert (summary.epochs_run, summary.validation_accuracy, summary.problem) == (2, None, None)
    chosen = predictions.test_proba.argmax(axis=1) == predictions.test_true
    assert report.test["accuracy"] == pytest.approx(chosen.mean())
