"""A network of your own is built as its layers say."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.networks import STARTING_POINTS, build_command, find_network
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe
from fmnist.runs.architecture import parse_architecture
from fmnist.runs.layer_costs import compute_costs
from tests.support import in_keras_networks as keras_checks
from tests.support.architectures import EVERY_LAYER


def test_every_layer_has_the_shape_and_parameters_that_were_computed(in_keras) -> None:
    recipe = Recipe("custom", architecture=EVERY_LAYER)
    built = in_keras(keras_checks.build, recipe.to_dict())
    costs = compute_costs(parse_architecture(recipe.architecture))
    assert built["parameters"] == sum(cost.parameters for cost in costs)
    shapes = {name: layer["output_shape"] for name, layer in built["layers"].items()}
    assert shapes["conv_n1"] == costs[0].shape
    assert shapes["mean_n2"] == costs[1].shape
    assert shapes["add_14"] == costs[3].shape
    assert shapes["add_110"] == costs[9].shape
    assert shapes["dense_n13"] == costs[12].shape
    np.testing.assert_allclose(built["proba"].sum(axis=1), 1, rtol=1e-5)
    layers = {layer.name: layer for layer in describe_network(recipe)}
    assert layers["drop_n12"].detail.startswith("25%")
    assert layers["drop_n14"].detail.startswith("30%")
    assert {layer.block for layer in layers.values()} == {"", "1.3", "1.4", "1.9", "1.10"}


@pytest.mark.parametrize("name", ["cnn", "baseline"])
def test_starting_points_are_the_networks_layer_by_layer(name: str, in_keras) -> None:
    architecture = (STARTING_POINTS / f"{name}.json").read_text()
    ours, theirs = (
        in_keras(keras_checks.build, recipe.to_dict())
        for recipe in (Recipe("custom", architecture=architecture), Recipe(name))
    )
    for mine, known in zip(ours["layers"].values(), theirs["layers"].values(), strict=True):
        assert mine["kind"].replace("Activation", "ReLU") == known["kind"]
        for key in ("output_shape", "parameters", "multiplications"):
            assert mine[key] == known[key]
    # The same seed draws the same weights, in the same order.
    np.testing.assert_array_equal(ours["proba"], theirs["proba"])


def test_command_repeats_a_network_of_ones_own() -> None:
    recipe = Recipe("custom", architecture=EVERY_LAYER)
    assert "--architecture '[{" in build_command(recipe)
    assert "--architecture" not in build_command(find_network("custom").recipe)
