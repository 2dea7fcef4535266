"""The range test's process: what it measures, how it is started, cancelled and how it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.launching import lr_range
from fmnist.launching.lr_range import cancel_range_test, is_training, start_range_test
from fmnist.lr_range.record import RATES, RangeTest, find_running_test, open_range_test
from fmnist.lr_range.suggestion import suggest_rate
from fmnist.runs import Recipe, create_run, list_runs
from fmnist.runs.processes import identify_process, is_alive
from tests.support import in_keras_lr_range as rate_checks
from tests.support import in_keras_start_from as start_checks
from tests.support.runs import PID_NEVER_USED, make_run

RECIPE = Recipe("baseline", batch_size=32, augmentation="flip_shift", label_smoothing=0.1)


@pytest.fixture
def sweep(in_keras, tiny_archive: Path, tiny_cache: Path, isolated: Path):
    """Make a test in the process that has Keras and return it with its exit status."""

    def sweep_rates(text: str) -> tuple[int, RangeTest]:
        folders = (str(tiny_archive), str(tiny_cache), str(isolated))
        status = in_keras(rate_checks.sweep_rates, *folders, "key", text)
        return status, RangeTest(isolated / ".range_tests" / "key")

    return sweep_rates


def read(test: RangeTest) -> dict:
    return json.loads((test.path / "result.json").read_text())


def test_loss_is_measured_at_growing_rates(sweep) -> None:
    status, test = sweep(json.dumps(RECIPE.to_dict()))
    result = read(test)
    assert (status, result["state"], result["error"]) == (0, "finished", "")
    n = len(result["rates"])
    # 15 batches an epoch: the test continues in the next ones.
    assert (n < len(RATES)) == result["diverged"]
    assert n > 40
    np.testing.assert_allclose(result["rates"], RATES[:n])
    losses = np.array(result["losses"])
    assert np.isfinite(losses).all()
    # At first next to nothing is learned, later the bars are; each value is of one batch alone.
    assert np.ptp(losses[:12]) > 0
    assert losses.min() < 0.6 * np.median(losses[:12])
    suggestion = suggest_rate(np.array(result["rates"]), losses)
    assert 1e-5 < suggestion.rate < 0.3
    assert not list_runs()


@pytest.mark.slow
def test_it_begins_with_the_weights_that_the_run_will_begin_with(
    sweep, isolated: Path, in_keras
) -> None:
    create_run(RECIPE, run_id="source")
    in_keras(start_checks.save_model, str(isolated), "source")
    _, test = sweep(json.dumps(RECIPE.to_dict() | {"start_from": "source"}))
    assert read(test)["losses"][0] > 2.7  # random shifts: worse than fresh ones, 2.3


def test_failure_is_reported_in_words(sweep) -> None:
    status, test = sweep(json.dumps(RECIPE.to_dict() | {"edits": "/none/edits.json"}))
    assert status == 1
    assert read(test)["state"] == "failed"
    assert "There is no file /none/edits.json" in read(test)["error"]


@pytest.mark.parametrize("text", ["{}", "{", '{"network": "cnn", "epochs": 0}'])
def test_recipe_that_can_not_be_used_is_reported(sweep, text: str) -> None:
    status, test = sweep(text)
    assert status == 1
    assert read(test)["state"] == "failed"
    assert read(test)["error"]


def spawn_sleeper(test: RangeTest) -> None:
    """Stand in for the process of a test: a test of its own costs ten seconds."""
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    launch = identify_process(worker.pid, "attempt").to_dict()
    (test.path / "launch.json").write_text(json.dumps(launch))


@pytest.fixture
def opened(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> RangeTest:
    monkeypatch.setattr(lr_range, "_spawn", spawn_sleeper)
    return open_range_test(RECIPE, "data")


def test_one_test_runs_at_a_time_and_cancel_forgets_it(opened: RangeTest) -> None:
    start_range_test(opened, RECIPE)
    assert opened.load_recipe() == RECIPE
    assert find_running_test() == opened
    launch = opened.load_launch()
    assert launch is not None
    other = Recipe("cnn")
    with pytest.raises(RunError, match="running already"):
        start_range_test(open_range_test(other, "data"), other)
    cancel_range_test(opened)
    end = time.monotonic() + 10
    while is_alive(launch):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert not opened.path.exists()
    assert find_running_test() is None
    cancel_range_test(opened)  # once more: it is over


def test_finished_test_is_kept_until_it_is_made_again(opened: RangeTest) -> None:
    opened.path.mkdir(parents=True)
    launch = identify_process(PID_NEVER_USED, "attempt").to_dict()
    (opened.path / "launch.json").write_text(json.dumps(launch))
    (opened.path / "result.json").write_text('{"state": "finished", "rates": [1e-6]}')
    cancel_range_test(opened)
    assert opened.load_result().rates == [1e-6]  # type: ignore[union-attr]
    start_range_test(opened, RECIPE)
    assert opened.load_result().rates == []  # type: ignore[union-attr]
    cancel_range_test(opened)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_can_not_be_written_is_reported(opened: RangeTest, isolated: Path) -> None:
    isolated.chmod(0o500)
    try:
        with pytest.raises(RunError, match="can't be written"):
            start_range_test(opened, RECIPE)
    finally:
        isolated.chmod(0o700)


def test_run_at_work_is_known(isolated: Path) -> None:
    for state in ("queued", "stopped", "finished", "lost"):
        make_run(state)
    assert not is_training()
    make_run("running")
    assert is_training()


@pytest.mark.slow
def test_process_makes_the_whole_test(isolated: Path) -> None:
    test = open_range_test(RECIPE, load_dataset().fingerprints["train"])
    start_range_test(test, RECIPE)
    end = time.monotonic() + 120
    while test.is_running:
        assert time.monotonic() < end
        time.sleep(0.2)
    result = test.load_result()
    assert result is not None
    assert result.state == "finished", (test.path / "worker.log").read_text()
