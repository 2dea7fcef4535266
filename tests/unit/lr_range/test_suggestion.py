"""The learning rate that follows from a range test, and where the test is kept."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.data.edits import Edits, save_edits
from fmnist.errors import DataError, RunError
from fmnist.lr_range.record import RATES, RangeTest, find_running_test, open_range_test
from fmnist.lr_range.suggestion import average_losses, has_diverged, smooth_losses, suggest_rate
from fmnist.networks import STARTING_POINTS
from fmnist.runs import Recipe
from fmnist.runs.classical import has_setting
from fmnist.runs.processes import identify_process
from tests.support.runs import PID_NEVER_USED

DECADES = np.log10(RATES)


def draw_curve(*, fall: float, width: float, edge: float | None, height: float = 10.0):
    """Return losses that fall from 2.3 to 1 around one rate and rise from an edge on."""
    losses = 2.3 - 1.3 / (1 + np.exp(-(DECADES - np.log10(fall)) / width))
    if edge is not None:
        losses += height * np.clip(DECADES - np.log10(edge), 0, None) ** 2
    return losses


def test_a_tenth_of_the_rate_at_which_the_loss_diverges_is_suggested() -> None:
    suggestion = suggest_rate(RATES, draw_curve(fall=1e-4, width=0.2, edge=3e-2))
    assert 2e-3 < suggestion.rate < 5e-3
    assert "a tenth of" in suggestion.reason
    assert "wastes epochs" in suggestion.reason
    assert suggestion.low == pytest.approx(1e-4, rel=0.3)
    assert suggestion.low < suggestion.rate < suggestion.high < 3e-2


def test_where_the_loss_falls_only_near_the_edge_the_fastest_fall_decides() -> None:
    suggestion = suggest_rate(RATES, draw_curve(fall=1e-2, width=0.03, edge=2e-2))
    assert 3e-3 < suggestion.rate < 1.2e-2
    assert "hardly falls" in suggestion.reason


def test_where_nothing_diverges_the_fastest_fall_decides() -> None:
    suggestion = suggest_rate(RATES, draw_curve(fall=1e-3, width=0.2, edge=None))
    assert suggestion.rate == pytest.approx(1e-3, rel=0.3)
    assert "diverged at none of the rates" in suggestion.reason
    assert suggestion.high > suggestion.rate


@pytest.mark.parametrize("noise", [0.05, 0.1, 0.2])
def test_noise_moves_the_suggestion_by_little(noise: float) -> None:
    curve = draw_curve(fall=1e-4, width=0.2, edge=3e-2)
    rates = []
    for seed in range(30):
        losses = curve + np.random.default_rng(seed).normal(0, noise, len(curve))
        rates.append(suggest_rate(RATES, losses).rate)
    low, middle, high = np.quantile(rates, [0.1, 0.5, 0.9])
    assert 1e-3 < middle < 4e-3
    assert middle / 3 < low
    assert high < 2 * middle


def test_suggested_rate_has_two_digits_and_a_recipe_takes_it() -> None:
    rate = suggest_rate(RATES, draw_curve(fall=1e-4, width=0.2, edge=3e-2)).rate
    assert rate == float(f"{rate:.2g}")
    assert replace(Recipe("cnn"), learning_rate=rate).learning_rate == rate


@pytest.mark.parametrize(
    "losses",
    [np.full(100, 2.3), 2.3 + np.random.default_rng(0).normal(0, 0.3, 100), 9 + DECADES],
    ids=["flat", "noise", "rising"],
)
def test_loss_that_never_falls_suggests_nothing(losses: np.ndarray) -> None:
    with pytest.raises(RunError, match="fell at no rate"):
        suggest_rate(RATES, losses)


@pytest.mark.parametrize("n", [0, 1, 11])
def test_few_batches_suggest_nothing(n: int) -> None:
    with pytest.raises(RunError, match=f"Only {n} batches"):
        suggest_rate(RATES[:n], np.ones(n))


def test_averages_begin_at_the_first_loss_and_keep_a_constant() -> None:
    assert average_losses(np.array([3.0]))[0] == pytest.approx(3)
    np.testing.assert_allclose(average_losses(np.full(40, 2.5)), 2.5)
    np.testing.assert_allclose(smooth_losses(np.full(40, 2.5)), 2.5)
    assert smooth_losses(np.empty(0)).shape == (0,)


def test_smoothing_delays_no_step() -> None:
    step = np.repeat([2.0, 1.0], 50)
    middle = np.flatnonzero(smooth_losses(step) < 1.5)[0]
    assert abs(middle - 50) <= 1


def test_divergence_is_four_times_the_best_or_no_number() -> None:
    assert has_diverged(np.array([2.0, np.nan]))
    assert has_diverged(np.array([np.inf]))
    assert not has_diverged(np.array([]))
    calm = np.full(20, 1.0)
    assert not has_diverged(np.append(calm, 10.0))  # one batch alone
    assert has_diverged(np.append(calm, [10.0] * 5))
    assert not has_diverged(np.array([0.1, 100.0]))  # too young


def test_key_holds_all_that_matters_and_nothing_else(isolated: Path) -> None:
    recipe = Recipe("cnn")
    without = {
        "epochs": 3, "learning_rate": 0.1, "schedule": "constant", "averaging": False,
        "early_stopping": 2, "event_files": True, "averaging_steps": 20,
    }  # fmt: skip
    key = open_range_test(recipe, "data").key
    assert open_range_test(replace(recipe, **without), "data").key == key
    others = {
        "network": "baseline", "batch_size": 64, "weight_decay": 0.5, "dropout": 0.1,
        "label_smoothing": 0.3, "augmentation": "none", "seed": 9, "train_share": 0.5,
        "validation_share": 0.3, "validation_fold": 2,
        "normalisation": False, "width": 2.0, "precision": "float32",
        "start_from": "another run", "optimizer": "sgd", "teacher": "another run",
        "teacher_temperature": 2.0, "teacher_share": 0.5,
    }  # fmt: skip
    keys = {open_range_test(replace(recipe, **{k: v}), "data").key for k, v in others.items()}
    assert len(keys | {key}) == len(others) + 1
    architectures = [(STARTING_POINTS / f"{name}.json").read_text() for name in ("cnn", "baseline")]
    own = [Recipe("custom", architecture=text) for text in architectures]
    assert len({open_range_test(recipe, "data").key for recipe in own}) == 2
    assert open_range_test(recipe, "other data").key not in keys | {key}
    # A setting that is added later is part of the key until it is listed as without effect.
    of_networks = {field.name for field in fields(Recipe) if has_setting("cnn", field.name)}
    assert of_networks == {*without, *others, "architecture", "edits"}


def test_key_follows_the_content_of_the_edits(isolated: Path, tmp_path: Path) -> None:
    path = tmp_path / "edits.json"
    recipe = Recipe("cnn", edits=str(path))
    with pytest.raises(DataError, match="There is no file"):
        open_range_test(recipe, "data")
    save_edits(path, Edits(np.array([1]), {}, "data"))
    first = open_range_test(recipe, "data").key
    save_edits(path, Edits(np.array([2]), {}, "data"))
    assert open_range_test(recipe, "data").key != first


def make_test(models: Path, *, alive: bool, result: dict | None) -> RangeTest:
    import os

    path = models / ".range_tests" / "key"
    path.mkdir(parents=True, exist_ok=True)
    launch = identify_process(os.getpid() if alive else PID_NEVER_USED, "attempt")
    (path / "launch.json").write_text(json.dumps(launch.to_dict()))
    if result is not None:
        (path / "result.json").write_text(json.dumps(result))
    return RangeTest(path)


def test_state_follows_from_process_and_result(isolated: Path) -> None:
    assert RangeTest(isolated / ".range_tests" / "none").load_result() is None
    assert find_running_test() is None
    test = make_test(isolated, alive=True, result=None)
    assert test.load_result().state == "running"  # type: ignore[union-attr]
    assert find_running_test() == test
    test = make_test(isolated, alive=True, result={"state": "finished", "rates": [1e-6]})
    assert test.load_result().rates == [1e-6]  # type: ignore[union-attr]
    assert find_running_test() is None
    test = make_test(isolated, alive=False, result={"state": "running", "rates": [1e-6]})
    result = test.load_result()
    assert result is not None
    assert result.state == "failed"
    assert "ended unexpectedly" in result.error
    assert find_running_test() is None
