"""Runs are found by the layers of their networks, whatever their recipes call them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fmnist.networks import STARTING_POINTS
from fmnist.networks.trained import find_runs_of
from fmnist.runs import Recipe, create_run
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")

CNN = Recipe("custom", architecture=(STARTING_POINTS / "cnn.json").read_text())


def test_cnn_has_the_layers_of_its_list() -> None:
    cnn = make_run("finished", "one", network="cnn")
    like_it = create_run(replace(CNN, dropout=0.1, epochs=3), run_id="two")
    others = [
        make_run("finished", "three", network="baseline"),
        create_run(Recipe("cnn", width=0.5), run_id="four"),
        create_run(Recipe("cnn", normalisation=False), run_id="five"),
        create_run(Recipe("logistic"), run_id="six"),
    ]
    assert find_runs_of(CNN, [*others, cnn, like_it]) == [cnn, like_it]


def test_width_counts_as_layers_of_that_size() -> None:
    half = create_run(replace(CNN, width=0.5), run_id="half")
    assert find_runs_of(Recipe("cnn", width=0.5), [half]) == [half]
    assert find_runs_of(CNN, [half]) == []
