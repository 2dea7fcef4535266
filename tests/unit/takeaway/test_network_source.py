from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fmnist.networks import NETWORKS
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe
from fmnist.takeaway.network_source import write_network
from tests.support.in_keras_scripts import build_both

EVERY_LAYER = (
    '[{"layer":"Conv2D","filters":8,"kernel_size":5,"strides":2,"padding":"valid",'
    '"activation":"gelu"},{"layer":"BatchNormalization"},'
    '{"layer":"Activation","activation":"leaky_relu"},{"layer":"AveragePooling2D"},'
    '{"layer":"ResidualBlock","filters":16,"strides":2},'
    '{"layer":"MaxPooling2D","strides":1},{"layer":"GlobalAveragePooling2D"},'
    '{"layer":"Dense","units":8,"use_bias":false},{"layer":"Dropout"},'
    '{"layer":"Dense","units":10,"activation":"softmax"}]'
)
RECIPES = [info.recipe for info in NETWORKS.values()] + [
    Recipe("cnn", normalisation=False, width=0.5),
    Recipe("custom", architecture=EVERY_LAYER),
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.network)
def test_every_layer_occurs_with_its_reason(recipe: Recipe) -> None:
    source = write_network(recipe)
    compile(source, "network", "exec")
    comments = " ".join(
        line.strip("# ") for line in source.splitlines() if line.strip().startswith("#")
    )
    for layer in describe_network(recipe):
        assert f'name="{layer.name}"' in source
        assert layer.reason in comments


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.network)
def test_source_builds_the_program_s_network(recipe: Recipe, in_keras: Callable[..., Any]) -> None:
    ours, written = in_keras(build_both, recipe.to_dict())
    assert written == ours
