"""Event files as TensorBoard reads them; TensorFlow is imported in the tests' Keras process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import in_keras_events as events_checks

ROW = {"loss": 0.5, "val_accuracy": 0.75, "learning_rate": 1e-3, "seconds": 9.0}


def test_epochs_are_read_back_with_the_epoch_as_step(
    tmp_path: Path, in_keras: Callable[..., Any]
) -> None:
    rows = [ROW | {"epoch": 1}, ROW | {"epoch": 2, "loss": float("nan")}]
    (events,) = in_keras(events_checks.write_and_read, str(tmp_path), [(0, rows)])
    version, start, first, second = events
    assert version["file_version"] == "brain.Event:2"
    assert (start["step"], start["is_start"]) == (1, True)
    assert first["step"] == 1
    assert first["scalars"] == {
        "loss/training": 0.5, "accuracy/validation": 0.75, "learning_rate": 0.001
    }  # fmt: skip
    assert second["step"] == 2
    assert "loss/training" not in second["scalars"]
    assert all(event["wall_time"] > 0 for event in events)


def test_resumed_run_adds_a_later_file_that_purges_what_was_not_kept(
    tmp_path: Path, in_keras: Callable[..., Any]
) -> None:
    future = 2_999_999_999  # as if the clock had been set back since
    (tmp_path / f"events.out.tfevents.{future}.host.1").touch()
    attempts = [(0, [ROW | {"epoch": 1}, ROW | {"epoch": 2}]), (1, [ROW | {"epoch": 2}])]
    old, first, second = in_keras(events_checks.write_and_read, str(tmp_path), attempts)
    assert old == []
    assert [event["step"] for event in first] == [0, 1, 1, 2]
    assert [event["step"] for event in second] == [0, 2, 2]
    assert second[1]["is_start"]


def test_epochs_are_in_the_file_before_it_is_closed(
    tmp_path: Path, in_keras: Callable[..., Any]
) -> None:
    assert in_keras(events_checks.count_unclosed, str(tmp_path), ROW | {"epoch": 1}) == 3


def test_folder_that_is_gone_is_no_reason_to_fail(
    tmp_path: Path, in_keras: Callable[..., Any]
) -> None:
    warnings = in_keras(events_checks.write_nowhere, str(tmp_path / "gone"), ROW | {"epoch": 1})
    assert len(warnings) == 1
    assert "can't be written" in warnings[0]
