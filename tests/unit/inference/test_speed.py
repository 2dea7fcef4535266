"""Milliseconds per image: those of the report, or measured once and kept."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.errors import InferenceError
from fmnist.inference import InferencePool
from fmnist.inference.speed import AnswerSpeeds
from fmnist.runs import Report, Run
from fmnist.settings import PROJECT_DIR, cache_dir
from tests.support.launching import wait_for
from tests.support.runs import make_run

MODEL = PROJECT_DIR / "models" / "baseline" / "model.onnx"


@pytest.fixture
def run(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    run = make_run("finished", "fast")
    shutil.copy(MODEL, run.path)
    return run


def load_report(run: Run, milliseconds: float) -> Report:
    report = run.load_report()
    assert report is not None
    return replace(report, milliseconds_per_image=milliseconds)


def test_reports_figure_is_not_measured(run: Run) -> None:
    speeds = AnswerSpeeds(lambda _: pytest.fail("measured"))
    assert speeds.find(run, load_report(run, 0.25)) == 0.25
    assert speeds.find(run, None) is None


def test_file_is_measured_once_and_the_figure_kept(run: Run) -> None:
    measured: list[Path] = []

    def measure(path: Path) -> float:
        measured.append(path)
        return 1.25 if len(measured) % 5 == 3 else 2.5  # the fastest counts

    report = load_report(run, 0.0)
    for _ in range(2):  # another server finds the figure in the cache folder
        speeds = AnswerSpeeds(measure)
        wait_for(lambda speeds=speeds: speeds.find(run, report) == 1.25, 30)
    assert measured == [run.path / "model.onnx"] * 5
    (cache_dir() / "answer_speed.json").write_text("[1]")
    speeds = AnswerSpeeds(measure)
    wait_for(lambda: speeds.find(run, report) == 1.25, 30)
    assert len(measured) == 10


def test_file_that_can_not_be_used_has_no_figure(run: Run) -> None:
    asked: list[Path] = []

    def refuse(path: Path) -> float:
        asked.append(path)
        raise InferenceError("damaged")

    speeds, report = AnswerSpeeds(refuse), load_report(run, 0.0)
    assert speeds.find(run, report) is None
    wait_for(lambda: bool(asked), 30)
    assert speeds.find(run, report) is None
    (run.path / "model.onnx").unlink()
    assert speeds.find(run, report) is None


@pytest.mark.processes
def test_worker_measures_a_network(run: Run) -> None:
    assert 0 < InferencePool().measure(run.path / "model.onnx") < 5000
    (run.path / "model.onnx").write_bytes(b"no network")
    with pytest.raises(InferenceError, match="is damaged"):
        InferencePool().measure(run.path / "model.onnx")
