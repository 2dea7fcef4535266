"""Whole training runs on the tiny archive; ``conftest.trained`` has them made once."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import RunError
from fmnist.evaluation import compute_evaluation
from fmnist.runs import Run, RunState, create_run, open_run
from fmnist.settings import PROJECT_DIR
from fmnist.training.__main__ import explain_error, work
from tests.support import in_keras_resume as resume_checks
from tests.support import in_keras_training as run_checks


@pytest.fixture
def models(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    return trained


def assert_same_history(one: Run, other: Run, tolerance: float) -> None:
    first, second = one.load_history(), other.load_history()
    assert list(first) == list(second)
    for name in set(first) - {"seconds"}:
        np.testing.assert_allclose(second[name], first[name], rtol=0, atol=tolerance, err_msg=name)


def test_finished_run_is_complete(models: Path) -> None:
    run = open_run("whole")
    assert run.load_state() is RunState.FINISHED
    names = {path.name for path in run.path.iterdir()}
    assert names >= {
        "recipe.json", "status.json", "history.csv", "steps.csv", "checkpoint", "model.keras",
        "predictions.npz", "report.json",
    }  # fmt: skip
    assert not [name for name in names if name.startswith(".")]
    status = run.load_status()
    assert (status.state, status.epoch, status.error) == ("finished", 4, None)


def test_report_tells_what_the_predictions_show(models: Path) -> None:
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
    assert report.calibration["coverage"][-1] == [1.0, report.calibration["accuracy"]]
    assert report.data["kind"] == "idx"
    assert report.data["test"] == predictions.test_fingerprint
    assert report.command.startswith("python -m fmnist train --network baseline --epochs 4")
    assert json.loads(run.report_path.read_text())["seed"] == 3


def test_training_learns(models: Path) -> None:
    history = open_run("whole").load_history()
    assert history["loss"][-1] < 0.7 * history["loss"][0]
    assert open_run("whole").load_report().test["accuracy"] > 0.5


def test_live_curve_ends_each_epoch_on_its_last_batch(models: Path) -> None:
    steps = open_run("whole").load_steps()
    assert (np.diff(steps["step"]) > 0).all()
    assert {15.0, 30.0, 45.0, 60.0} <= set(steps["step"])
    np.testing.assert_allclose(steps["epoch"], steps["step"] / 15, rtol=1e-6)
    assert (steps["images_per_second"] > 0).all()


def test_status_names_each_phase_and_how_long_the_run_still_takes(models: Path) -> None:
    statuses = json.loads((models / "again" / "statuses.json").read_text())
    phases = [phase for phase, _ in itertools.groupby(status["phase"] for status in statuses)]
    assert phases == [
        "Loading data", "Measuring the precision", "Building the network",
        *["Training", "Validating"] * 4,
        "Predicting the validation set", "Predicting the test set", "Calibrating", "finished",
    ]  # fmt: skip
    # Known from the second batch on, in the end phases too, until the very last predictions.
    left = [status["seconds_left"] for status in statuses if status["phase"] == "Training"]
    assert left[1] is None
    assert all(seconds > 0 for seconds in left[3:])
    ending = [s for s in statuses if s["phase"].startswith(("Predicting", "Calibrating"))]
    assert all(status["seconds_left"] > 0 for status in ending[:-1])
    assert {0.0, 1.0} <= {status["phase_progress"] for status in ending}
    last = statuses[-1]
    assert (last["share"], last["seconds_left"], last["phase_progress"]) == (1.0, None, None)


def test_equal_recipes_give_equal_runs(models: Path) -> None:
    assert_same_history(open_run("whole"), open_run("again"), 1e-6)


def test_stopped_run_goes_on_where_it_was(models: Path) -> None:
    halted = open_run("halted")
    assert len((halted.path / "history-when-stopped.csv").read_text().splitlines()) == 2
    assert halted.load_state() is RunState.FINISHED
    assert_same_history(open_run("whole"), halted, 1e-4)
    steps = halted.load_steps()
    assert (np.diff(steps["step"]) > 0).all()
    assert not (steps["loss"] == 9.9).any()  # what came after the checkpoint was dropped


def test_run_interrupted_twice_in_mid_epoch_goes_on_where_it_was(
    models: Path, in_keras, tiny_archive: Path, tiny_cache: Path
) -> None:
    folders = (str(tiny_archive), str(tiny_cache), str(models))
    words = in_keras(resume_checks.interrupt_twice, *folders)
    assert words[0].startswith("failed: The memory ran out. Try half the batch size in a new run")
    assert words[1:] == ["stopped", "finished"]
    run = open_run("twice")
    assert_same_history(open_run("whole"), run, 1e-4)
    assert run.load_report().test == pytest.approx(open_run("whole").load_report().test, abs=1e-4)


def test_model_ahead_of_the_checkpoint_or_broken_is_put_back(
    models: Path, in_keras, tiny_archive: Path, tiny_cache: Path
) -> None:
    folders = (str(tiny_archive), str(tiny_cache), str(models))
    assert in_keras(resume_checks.end_between_model_and_checkpoint, *folders)
    run, whole = open_run("ahead"), open_run("whole")
    assert_same_history(whole, run, 1e-4)
    report = run.load_report()
    assert report.best_epoch == whole.load_report().best_epoch
    assert report.validation == pytest.approx(whole.load_report().validation, abs=1e-4)
    best = run.path / "checkpoint" / f"best-{report.best_epoch:04d}.keras"
    assert best.read_bytes() == run.model_path.read_bytes()
    assert len(list((run.path / "checkpoint").iterdir())) == 3


def test_lack_of_memory_in_tensorflow_is_told_in_words(models: Path, in_keras) -> None:
    words = in_keras(resume_checks.run_out_of_memory, str(models))
    assert words.startswith("failed: The memory ran out. Try half the batch size")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "The memory ran out."),
        (RuntimeError("RESOURCE_EXHAUSTED: Out of memory"), "The memory ran out."),
        (OSError(28, "No space left on device", "/m/x"), "The disk is full: /m/x can't be"),
        (OSError(28, "No space left on device", "/m/x"), "Free space, then resume."),
        (OSError(28, "No space left on device"), "The disk is full: /m/run can't be"),
        (PermissionError(13, "Permission denied", "/m/x"), "/m/x can't be read or written"),
        (RunError("The loss is no number."), "The loss is no number."),
        (ValueError("odd\nlong"), "ValueError: odd"),
        (KeyError(), "KeyError: no message"),
    ],
)
def test_error_is_one_line_in_words(error: Exception, words: str) -> None:
    told = explain_error(error, Path("/m/run"))
    assert words in told
    assert "\n" not in told


def test_run_stopped_in_its_first_epoch_keeps_what_it_learned(models: Path) -> None:
    early = open_run("early")
    assert early.load_state() is RunState.STOPPED
    assert early.model_path is not None
    assert len(early.load_history().get("epoch", ())) == 0


def test_loss_that_is_no_number_fails_the_run_in_words(models: Path) -> None:
    run = open_run("broken")
    assert run.load_state() is RunState.FAILED
    assert "The loss became NaN or infinite in epoch 1" in run.load_status().error
    assert "a third of it" in run.load_status().error


def test_full_disk_fails_the_run_in_words_and_keeps_the_model(models: Path) -> None:
    run = open_run("full")
    assert run.load_state() is RunState.FAILED
    assert "No space left on device" in run.load_status().error
    assert "report.json" in run.load_status().error
    assert run.model_path is not None


def start_worker(run: Run) -> subprocess.Popen[bytes]:
    with (run.path / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "fmnist.training", str(run.path), "attempt-1"],
            cwd=PROJECT_DIR, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"},
        )  # fmt: skip


def test_late_worker_leaves_a_run_alone_that_another_one_had(models: Path) -> None:
    for run_id in ("whole", "broken"):
        before = {path: path.stat().st_mtime_ns for path in (models / run_id).rglob("*")}
        assert work(models / run_id, "another") == 0
        after = {path: path.stat().st_mtime_ns for path in (models / run_id).rglob("*")}
        assert after == before


@pytest.mark.slow
def test_killed_run_goes_on_where_it_was(
    isolated: Path, trained: Path, tiny_archive: Path, tiny_cache: Path, in_keras, monkeypatch
) -> None:
    run = create_run(run_checks.RECIPE, run_id="killed")
    worker = start_worker(run)
    progress, deadline = run.path / "checkpoint" / "progress.json", time.monotonic() + 120
    try:
        while not progress.exists() and worker.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        os.kill(worker.pid, signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait(10)
    assert progress.exists(), run.load_log()
    assert not run.report_path.exists()
    done = json.loads(progress.read_text())["epoch"]
    assert done < 4
    assert run.model_path is not None  # what was learned is there
    folders = (str(tiny_archive), str(tiny_cache), str(isolated))
    assert in_keras(run_checks.resume, *folders, "killed") == 0
    assert run.load_state() is RunState.FINISHED
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    assert_same_history(open_run("whole"), run, 1e-4)


@pytest.mark.slow
def test_broken_archive_fails_the_run_with_the_words_of_the_data_room(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "broken"
    archive.mkdir()
    (archive / "fashion-mnist_train.csv").write_text("label,pixel1\n1,2\n")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(archive))
    run = create_run(run_checks.RECIPE, run_id="no-data")
    assert start_worker(run).wait(120) == 1
    status = run.load_status()
    assert status.state == "failed"
    assert "fashion-mnist_test.csv" in status.error
