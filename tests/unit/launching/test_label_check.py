from __future__ import annotations

import time
from pathlib import Path

import pytest

from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.labels.folds import find_fold_runs
from fmnist.labels.search import open_label_search
from fmnist.launching import launcher
from fmnist.launching.computation import cancel_computation
from fmnist.launching.label_check import start_fold_runs, start_label_search
from tests.support.runs import write_launch, write_report, write_status

PRINT = "0123456789abcdef"


def test_only_what_is_missing_is_queued_again(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    assert start_fold_runs(PRINT) == 5
    assert start_fold_runs(PRINT) == 0
    first, second, *_ = (run for run in find_fold_runs(PRINT) if run)
    write_report(first)
    write_launch(second, alive=False)
    write_status(second, "failed", error="The memory ran out.")
    assert start_fold_runs(PRINT) == 1


@pytest.mark.slow
@pytest.mark.processes
def test_search_runs_in_a_process_of_its_own_and_is_cancelled(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = load_dataset()
    found = open_label_search(dataset)
    start_label_search(found)
    with pytest.raises(RunError, match="running already"):
        start_label_search(found)
    cancel_computation(found)
    assert not found.is_running
    assert found.load_launch() is None

    start_label_search(found)
    deadline = time.monotonic() + 120
    while found.is_running and time.monotonic() < deadline:
        time.sleep(0.1)
    pixels = found.load_pixels()
    assert pixels is not None, found.log_path.read_text()
    assert len(pixels.distances) == len(dataset.y_train) + len(dataset.y_test)
    assert found.load_progress().share == 1.0
