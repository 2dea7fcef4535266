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


@pytest.mark.parametrize("name", list(DECISIONS))
def test_taking_a_decision_back_gives_another_valid_recipe(name: str) -> None:
    recipe = NETWORKS["cnn"].recipe
    assert replace(recipe, **DECISIONS[name].without) != recipe


def test_chart_shows_each_decision_and_the_seeds_spread() -> None:
    figure = plot_losses(ABLATION)
    (bars,) = figure.data
    assert dict(zip(bars.y, bars.x, strict=True)) == pytest.approx(
        {"Dropout": -2.0, "Schedule": 11.0}
    )
    assert bars.y[-1] == "Schedule"  # drawn at the top: what helps most
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == pytest.approx((-1.4142, 1.4142), abs=1e-3)


@pytest.mark.parametrize("name", [name for name in NETWORKS if find_ablation_path(name).exists()])
def test_recorded_ablation_is_complete(name: str) -> None:
    ablation = load_ablation(name)
    assert ablation is not None
    assert len(ablation.whole) >= 3
    assert {row.decision for row in ablation.rows if row.decision} <= set(DECISIONS)
    assert all(0.5 < row.validation < 1 for row in ablation.rows)
