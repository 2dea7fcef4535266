"""Any network is written as a list of layers that is the same network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS
from fmnist.networks.as_architecture import write_as_architecture
from fmnist.networks.describe import count_parameters
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    BatchNormalization,
    Dropout,
    ResidualBlock,
    parse_architecture,
    write_architecture,
)
from fmnist.ui.train.design_state import load_starting_point


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("width", [1.0, 0.5])
def test_list_is_the_same_network(name: str, width: float) -> None:
    recipe = Recipe(name, width=width)
    text = write_architecture(write_as_architecture(recipe))
    assert count_parameters(Recipe("custom", architecture=text)) == count_parameters(recipe)


def test_cnn_is_its_starting_point() -> None:
    assert write_as_architecture(Recipe("cnn", dropout=0.1)) == load_starting_point("cnn")


def test_blocks_of_the_compact_network() -> None:
    blocks = [x for x in write_as_architecture(Recipe("compact")) if isinstance(x, ResidualBlock)]
    assert [(block.filters, block.strides) for block in blocks] == [
        (32, 1), (64, 2), (64, 1), (128, 2), (128, 1),
    ]  # fmt: skip


def test_cnn_without_normalisation_has_no_layers_for_it() -> None:
    layers = write_as_architecture(Recipe("cnn", normalisation=False))
    assert not any(isinstance(layer, BatchNormalization) for layer in layers)


def test_rate_of_its_own_is_kept() -> None:
    text = '[{"layer": "Dropout", "rate": 0.2}, {"layer": "Flatten"}, {"layer": "Dense", '
    text += '"units": 10, "activation": "softmax"}]'
    recipe = Recipe("custom", architecture=text)
    assert write_as_architecture(recipe) == parse_architecture(text)
    assert write_as_architecture(recipe)[0] == Dropout(0.2)


def test_block_without_normalisation_is_in_no_list() -> None:
    plain = replace(Recipe("compact"), normalisation=False)
    with pytest.raises(RecipeError, match="no list can have"):
        write_as_architecture(plain)
