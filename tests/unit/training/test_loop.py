"""Whole training runs on the tiny archive; ``conftest.trained`` trains them once."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from fmnist.runs import RunState, open_run
from tests.support import in_keras_resume as resume_checks
from tests.support.runs import assert_same_history


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
        "Predicting the validation set", "Predicting the test set", "Calibrating",
        "Converting the network to ONNX", "finished",
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


@pytest.mark.slow
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


@pytest.mark.slow
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
