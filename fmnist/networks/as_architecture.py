"""Converts any network to a list of layers, as a starting point for your own."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from itertools import groupby
from typing import Final, get_args

from fmnist.errors import RecipeError
from fmnist.networks.describe import design_network, find_role
from fmnist.networks.design import DesignedLayer
from fmnist.networks.registry import CUSTOM_NETWORK
from fmnist.networks.trained import compute_signature
from fmnist.networks.workbench import build_recipe
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    Activation,
    Architecture,
    Dropout,
    Layer,
    ResidualBlock,
    parse_architecture,
    scale_architecture,
)
from fmnist.runs.recipe import CUSTOM

_KINDS: Final = {kind.__name__: kind for kind in get_args(Layer)}
_GIVEN: Final = {"InputLayer", "Rescaling"}
"""Layers that come before every list."""

_CACHED: Final = 512


@functools.lru_cache(_CACHED)
def write_as_architecture(recipe: Recipe) -> Architecture:
    """Return the layers of a recipe's network as a list, at the recipe's width.

    Raises:
        RecipeError: there is no such network, or its layers can't be listed.
    """
    if recipe.network == CUSTOM:
        return scale_architecture(parse_architecture(recipe.architecture), recipe.width)
    layers: list[Layer] = []
    designed = design_network(recipe).layers
    for block, names in groupby(designed, key=lambda name: find_role(name)[0]):
        members = [designed[name] for name in names]
        layers += [_write_block(members)] if block else _write_layers(members, recipe)
    architecture = tuple(layers)
    if compute_signature(build_recipe(CUSTOM_NETWORK.recipe, architecture)) != compute_signature(
        recipe
    ):
        raise RecipeError(
            f"The network {recipe.network} has layers that no list can have with these settings. "
            "Start from another one."
        )
    return architecture


def _write_block(members: Iterable[DesignedLayer]) -> Layer:
    first = next(layer.arguments for layer in members if layer.kind == "Conv2D")
    return ResidualBlock(filters=first["filters"], strides=first["strides"])


def _write_layers(members: Iterable[DesignedLayer], recipe: Recipe) -> Iterable[Layer]:
    for layer in members:
        if layer.kind in _GIVEN:
            continue
        if layer.kind == "ReLU":
            yield Activation("relu")
        elif layer.kind == "Dropout" and layer.arguments["rate"] == recipe.dropout:
            yield Dropout()  # at the recipe's rate
        else:
            kind = _KINDS[layer.kind]
            known = {k: v for k, v in layer.arguments.items() if k in kind.__struct_fields__}
            yield kind(**known)
