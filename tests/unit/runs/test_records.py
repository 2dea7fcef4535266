"""The records of a run directory, and the errors for damaged ones."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import RunError
from fmnist.runs import (
    Predictions,
    Report,
    Status,
    load_summary,
)
from tests.support.runs import build_predictions, make_run

pytestmark = pytest.mark.usefixtures("isolated")


def test_predictions_go_to_disk_and_back(tmp_path: Path) -> None:
    predictions = build_predictions()
    predictions.save(tmp_path / "p.npz")
    loaded = Predictions.load(tmp_path / "p.npz")
    for field in dataclasses.fields(Predictions):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(predictions, field.name))
    assert type(loaded.test_fingerprint) is str


def damage_cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def damage_flip(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes(255 - b for b in data[at : at + 40]) + data[at + 40 :]


@pytest.mark.parametrize(
    "damage", [damage_cut, damage_flip, lambda _: b"", lambda _: b"hello", lambda d: d[4:]]
)
def test_damaged_predictions_are_reported_by_name(damage: object) -> None:
    run = make_run("finished")
    path = run.path / "predictions.npz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(RunError, match=r"predictions\.npz can't be read"):
        run.load_predictions()


def test_predictions_that_lack_an_array_are_reported() -> None:
    run = make_run("finished")
    np.savez(run.path / "predictions.npz", val_true=np.zeros(3))
    with pytest.raises(RunError, match=r"predictions\.npz"):
        run.load_predictions()


def test_records_ignore_fields_of_a_newer_version_and_miss_none() -> None:
    values = Status(state="running", phase="training", attempt="a").to_dict()
    assert Status.from_dict({**values, "mood": "good"}) == Status.from_dict(values)
    with pytest.raises(RunError, match=r"status\.json can't be used: .*attempt"):
        Status.from_dict({"state": "running", "phase": ""}, "status.json")
    with pytest.raises(RunError, match=r"can't be used: .*network"):
        Report.from_dict({})


@pytest.mark.parametrize(
    ("name", "field", "value", "found"),
    [
        ("status.json", "epoch", "three", "expected int, got str"),
        ("status.json", "seconds", None, "expected float, got null"),
        ("launch.json", "pid", [1], "expected int, got array"),
        ("report.json", "test", {"accuracy": "high"}, "expected float, got str"),
        ("report.json", "versions", "3.11", "expected object, got str"),
    ],
)
def test_wrong_type_is_an_error_that_names_file_and_field(
    name: str, field: str, value: object, found: str
) -> None:
    run = make_run("finished" if name == "report.json" else "failed")
    path = run.path / name
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    load = {
        "status.json": run.load_status,
        "launch.json": run.load_launch,
        "report.json": run.load_report,
    }[name]
    with pytest.raises(RunError) as caught:
        load()
    message = str(caught.value)
    assert str(path) in message
    assert field in message
    assert found in message.lower()
    assert load_summary(run).label == "damaged"
