"""Progress in a pipe: lines for a person on standard error, nothing but the result elsewhere."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.commands import progress, train
from fmnist.commands.progress import ProgressLog
from fmnist.launching import launcher
from fmnist.runs import open_run
from fmnist.runs.progress import format_seconds
from tests.support.runs import HISTORY, write_launch, write_report, write_status


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("fmnist.commands.progress.time.monotonic", lambda: now[0])
    return now


def test_log_prints_a_line_for_each_stage_and_one_after_a_long_silence(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    log = ProgressLog()
    for seconds, text, stage in [
        (0.0, "first", 1),
        (0.5, "too soon for another epoch", 2),
        (2.0, "second", 2),
        (4.0, "the same epoch", 2),
        (13.0, "the same epoch after a while", 2),
    ]:
        clock[0] = 100 + seconds
        log.show(text, stage)
    captured = capsys.readouterr()
    assert captured.err.splitlines() == ["first", "second", "the same epoch after a while"]
    assert captured.out == ""


def test_log_on_a_terminal_is_one_line_that_is_replaced(
    clock: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    log = ProgressLog()
    log.show("one", 1)
    log.show("two", 1)
    assert capsys.readouterr().err == "\r\x1b[Kone\r\x1b[Ktwo"


def test_training_in_a_pipe_logs_its_epochs_and_prints_the_report_alone(
    isolated: Path, clock: list[float], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    steps = iter(
        [
            lambda run: (write_launch(run, alive=True), write_status(run, "running", epoch=0)),
            lambda run: (run.path / "history.csv").write_text(HISTORY),
            lambda run: write_status(run, "running", epoch=0, phase="Validating"),
            lambda run: write_status(
                run, "running", epoch=1, images_per_second=1234.5, seconds_left=7.0
            ),
            lambda run: write_status(run, "running", phase="Calibrating", epoch=4, batch=0),
            write_report,
        ]
    )

    def sleep(_seconds: float) -> None:
        clock[0] += 2
        next(steps)(open_run("mine"))

    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    monkeypatch.setattr(train.time, "sleep", sleep)
    assert main(["train", "--run", "mine"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["run"] == "mine"
    lines = captured.err.splitlines()
    assert lines[0] == "mine: queued"
    assert lines[1].startswith("mine: Training, epoch 1 of 4")
    assert "epoch 2 of 4, 1,234 images/s, about 10 s left, validation accuracy 50.00%" in lines[2]
    assert lines[3].startswith("mine: Calibrating")
    assert "epoch" not in lines[3]
    assert lines[4].startswith("mine: finished")
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("seconds", "text"), [(3, "10 s"), (61, "70 s"), (150, "2 min"), (5400, "1.5 h")]
)
def test_durations_are_rounded_for_a_person(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


def test_a_network_that_is_converted_first_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ready: Future[Path] = Future()
    shown: list[str] = []

    def show(text: str) -> None:
        shown.append(text)
        if not ready.done():
            ready.set_result(Path("model.onnx"))

    monkeypatch.setattr(progress, "show_progress", show)
    progress.wait_for_network(ready, "old")
    assert shown == ["Converting the network of old (up to 30 seconds, once)", ""]
    progress.wait_for_network(ready, "old")  # from now on
    assert len(shown) == 2
