"""Finds runs by their network's layers, whatever the name in their recipes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

from fmnist.errors import RecipeError
from fmnist.networks.describe import design_network
from fmnist.runs import Recipe, Run
from fmnist.runs.classical import CLASSICAL

_FOR_TRAINING: Final = {"rate", "momentum", "kernel_initializer"}
"""Arguments of layers that change how a network is trained, not what it computes."""

_CACHED: Final = 512
"""Recipes whose layers are cached: a hundred microseconds each, for every drawing of a page."""

Signature = tuple[tuple[object, ...], ...]


def find_runs_of(recipe: Recipe, runs: Sequence[Run]) -> list[Run]:
    """Return the runs with the same layers as a recipe's network, in order.

    Args:
        recipe: the recipe of a network.
        runs: all runs.

    Raises:
        RecipeError: the recipe's network does not exist.
    """
    wanted = compute_signature(recipe)
    return [run for run in runs if not run.damage and _has_layers(run.recipe, wanted)]


def _has_layers(recipe: Recipe, wanted: Signature) -> bool:
    if recipe.network in CLASSICAL:
        return False
    try:
        return compute_signature(recipe) == wanted
    except RecipeError:  # a network of another version
        return False


@functools.lru_cache(_CACHED)
def compute_signature(recipe: Recipe) -> Signature:
    """Return kind, arguments and inputs of each layer of a recipe's network.

    Inputs are indices; networks with equal signatures and weights compute the same.

    Raises:
        RecipeError: there is no such network.
    """
    layers = design_network(recipe).layers
    positions = {name: position for position, name in enumerate(layers)}
    listed = []
    for layer in layers.values():
        # An activation of its own by the name that a list of layers has for it.
        is_relu = layer.kind == "ReLU"
        kind = "Activation" if is_relu else layer.kind
        arguments = {"activation": "relu"} if is_relu else layer.arguments
        kept = sorted((k, str(v)) for k, v in arguments.items() if k not in _FOR_TRAINING)
        listed.append((kind, *kept, *(positions[name] for name in layer.inputs)))
    return tuple(listed)
