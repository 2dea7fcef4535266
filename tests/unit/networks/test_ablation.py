from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from fmnist.charts.ablation import plot_losses
from fmnist.networks import NETWORKS
from fmnist.networks import ablation as module
from fmnist.networks.ablation import (
    ALTERNATIVES,
    DECISIONS,
    Ablation,
    AblationRow,
    find_ablation_path,
    load_ablation,
)

ROWS = (
    AblationRow("", 0, 0.90, 60.0, "float32", "train"),
    AblationRow("", 1, 0.92, 60.0, "float32", "train"),
    AblationRow("dropout", 0, 0.93, 50.0, "float32", "train"),
    AblationRow("schedule", 0, 0.80, 60.0, "float32", "train"),
    AblationRow("sgd", 0, 0.90, 50.0, "float32", "train"),
    AblationRow("teacher", 0, 0.94, 70.0, "float32", "train"),
)
ABLATION = Ablation("cnn", 5, 54_000, 6_000, "a machine", ROWS)


def test_mean_and_spread_are_those_of_the_whole_recipe() -> None:
    assert ABLATION.mean == pytest.approx(0.91)
    assert ABLATION.spread == pytest.approx(math.sqrt(0.0002))
    assert math.isnan(replace(ABLATION, rows=ROWS[1:]).spread)


def test_record_is_read_as_it_was_written(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "find_ablation_path", lambda name: tmp_path / f"{name}.json")
    assert load_ablation("cnn") is None
    (tmp_path / "cnn.json").write_text(json.dumps(asdict(ABLATION)))
    assert load_ablation("cnn") == ABLATION


@pytest.mark.parametrize("name", [*DECISIONS, *ALTERNATIVES])
def test_each_change_gives_another_valid_recipe(name: str) -> None:
    recipe = NETWORKS["cnn"].recipe
    assert replace(recipe, **(DECISIONS | ALTERNATIVES)[name].changes) != recipe


def test_chart_shows_each_decision_and_the_seeds_spread() -> None:
    figure = plot_losses(ABLATION)
    with_others, without = figure.data
    assert dict(zip(without.y, without.x, strict=True)) == pytest.approx(
        {"without dropout": -2.0, "without schedule": 11.0}
    )
    assert without.y[-1] == "without schedule"  # drawn at the top: what helps most
    assert dict(zip(with_others.y, with_others.x, strict=True)) == pytest.approx(
        {"with SGD with momentum": 1.0, "with teacher (compact)": -3.0}
    )
    assert without.marker.color != with_others.marker.color
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == pytest.approx((-1.4142, 1.4142), abs=1e-3)


@pytest.mark.parametrize("name", [name for name in NETWORKS if find_ablation_path(name).exists()])
def test_recorded_ablation_is_complete(name: str) -> None:
    ablation = load_ablation(name)
    assert ablation is not None
    assert len(ablation.whole) >= 3
    wanted = {"", *DECISIONS, *ALTERNATIVES}
    if all(row.precision == "float32" for row in ablation.whole):
        wanted.remove("precision")  # the machine had no faster one to take back
    assert {row.decision for row in ablation.rows} == wanted
    assert all(0.5 < row.validation < 1 for row in ablation.rows)
