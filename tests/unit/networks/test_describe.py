"""What is said of a network without Keras is what Keras makes of it."""

from __future__ import annotations

import dataclasses

import pytest

from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe
from fmnist.runs.architecture import parse_architecture
from fmnist.runs.layer_costs import compute_costs
from tests.support import in_keras_networks as keras_checks
from tests.support.architectures import EVERY_LAYER

RECIPES = {
    **{name: Recipe(name) for name in NETWORKS},
    "wide cnn": Recipe("cnn", width=1.5, dropout=0.0),
    "plain baseline": Recipe("baseline", normalisation=False),
    "narrow, plain compact": Recipe("compact", width=0.25, normalisation=False),
    "custom": Recipe("custom", architecture=EVERY_LAYER),
}


@pytest.mark.parametrize("name", RECIPES)
def test_description_is_that_of_the_built_network(name: str, in_keras) -> None:
    built = in_keras(keras_checks.build, RECIPES[name].to_dict())["layers"]
    described = {layer.name: dataclasses.asdict(layer) for layer in describe_network(RECIPES[name])}
    assert set(described) == set(built)
    for layer, found in built.items():
        assert {key: described[layer][key] for key in found} == found


@pytest.mark.parametrize("name", RECIPES)
def test_each_layer_says_why_it_is_there(name: str) -> None:
    for layer in describe_network(RECIPES[name]):
        assert len(layer.reason) > 20
        assert layer.reason.endswith(".")


def test_receptive_fields_of_the_cnn_are_those_worked_out_by_hand() -> None:
    fields = {layer.name: layer.receptive_field for layer in describe_network(Recipe("cnn"))}
    assert [fields[f"conv_{number}"] for number in (1, 2, 3)] == [3, 9, 13]
    assert (fields["pool_1"], fields["pool_3"], fields["flatten"]) == (5, 17, 28)


def test_a_network_of_ones_own_costs_what_its_list_says() -> None:
    layers = describe_network(RECIPES["custom"])
    costs = compute_costs(parse_architecture(EVERY_LAYER))
    for figure in ("parameters", "multiplications"):
        of_layers = sum(getattr(layer, figure) for layer in layers)
        assert of_layers == sum(getattr(cost, figure) for cost in costs)
    fields = {layer.name: layer.receptive_field for layer in layers}
    assert fields["add_14"] == costs[3].receptive_field
    assert fields["relu_110b"] == costs[9].receptive_field


def test_layers_name_their_residual_block_and_their_role_in_it() -> None:
    layers = {layer.name: layer for layer in describe_network(Recipe("compact"))}
    outside = {name for name, layer in layers.items() if not layer.block}
    assert outside == {
        "pixels", "rescaling", "conv_stem", "norm_stem", "relu_stem", "average", "drop",
        "probabilities",
    }  # fmt: skip
    blocks = list(dict.fromkeys(layer.block for layer in layers.values() if layer.block))
    assert blocks == ["1.1", "2.1", "2.2", "3.1", "3.2"]
    roles = {name: layer.role for name, layer in layers.items() if layer.block == "2.1"}
    assert roles == {
        "conv_21a": "main", "norm_21a": "main", "relu_21a": "main", "conv_21b": "main",
        "norm_21b": "main", "squeeze_21": "gate", "gate_21a": "gate", "gate_21b": "gate",
        "scale_21": "gate", "mean_21": "shortcut", "conv_21s": "shortcut", "norm_21s": "shortcut",
        "add_21": "add", "relu_21b": "main",
    }  # fmt: skip
    assert all(layer.role != "shortcut" for layer in layers.values() if layer.block == "2.2")
    # Where a shortcut starts and where it joins.
    assert layers["mean_21"].inputs == layers["conv_21a"].inputs == ("relu_11b",)
    assert layers["add_21"].inputs == ("norm_21s", "scale_21")
    assert layers["add_22"].inputs == ("relu_21b", "scale_22")
    assert layers["pixels"].inputs == ()


def test_unknown_network_is_refused() -> None:
    with pytest.raises(RecipeError, match="no network named 'vit'"):
        describe_network(Recipe("vit"))
