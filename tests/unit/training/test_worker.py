"""``python -m fmnist.training``: how a worker ends, and what it reports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs import Run, RunState, create_run, open_run
from fmnist.settings import PROJECT_DIR
from fmnist.training.__main__ import explain_error, work
from tests.support import in_keras_resume as resume_checks
from tests.support import in_keras_training as run_checks
from tests.support.runs import assert_same_history


def test_lack_of_memory_in_tensorflow_is_reported_in_words(models: Path, in_keras) -> None:
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
