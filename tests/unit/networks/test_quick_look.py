from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.networks import find_network
from fmnist.networks.describe import design_network
from fmnist.networks.quick_look import build_quick_look
from fmnist.runs import list_runs
from fmnist.runs.architecture import Conv2D, Dense, Flatten
from tests.support.runs import make_run, write_launch

SMALL = (Flatten(), Dense(16), Dense(10, "softmax"))
LARGE = (Conv2D(64), Conv2D(64), Flatten(), Dense(10, "softmax"))


def count(recipe) -> int:
    layers = design_network(recipe).layers.values()
    return sum(layer.cost.multiplications for layer in layers)


def test_without_a_pace_a_pass_over_the_images_is_a_minute(isolated: Path) -> None:
    recipe = build_quick_look(SMALL, list_runs(), n_images=60_000)
    assert (recipe.network, recipe.epochs) == ("custom", 3)
    assert recipe.train_share == pytest.approx(1 / 0.9 / 3, abs=1e-3)


def test_larger_network_sees_fewer_images_in_the_minute(isolated: Path) -> None:
    write_launch(make_run("stopped"), alive=False)  # 900 images a second
    recipe = build_quick_look(LARGE, list_runs(), n_images=60_000)
    work = 900 * count(find_network("baseline").recipe)
    seen = recipe.epochs * recipe.train_share * 54_000
    assert recipe.train_share < 0.1
    assert seen == pytest.approx(max(60 * work / count(recipe), 3 * 0.005 * 54_000), rel=0.05)


def test_small_network_trains_more_epochs_on_all_images(isolated: Path) -> None:
    run = make_run("stopped", network="cnn")
    write_launch(run, alive=False)
    recipe = build_quick_look(SMALL, list_runs(), n_images=6_000)
    assert recipe.train_share == 1
    assert 3 < recipe.epochs <= 40
