"""The network ``custom``, your own network: the layers listed in the recipe."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from msgspec import structs

from fmnist.networks.design import Design
from fmnist.networks.parts import add_residual_block
from fmnist.networks.residual import REASONS as RESIDUAL_REASONS
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    BatchNormalization,
    Dropout,
    ResidualBlock,
    parse_architecture,
    scale_architecture,
)

_NAMES: Final = {
    "Conv2D": "conv",
    "MaxPooling2D": "pool",
    "AveragePooling2D": "mean",
    "BatchNormalization": "norm",
    "Activation": "activation",
    "Dropout": "drop",
    "Flatten": "flatten",
    "GlobalAveragePooling2D": "average",
    "Dense": "dense",
}
"""The first part of the names of Keras' layers, as in the other networks."""

_NUMBER: Final = re.compile(r"[a-z]+_(?:n|1)(\d+)[abs]?")
"""Of a layer's name: its place in the recipe's list, from 1."""

REASONS: Final[dict[str, str]] = RESIDUAL_REASONS | {
    "conv": "Filters that detect the same pattern anywhere in the maps.",
    "norm": "Normalises each channel's activations, so that training is stable at a higher "
    "learning rate (Ioffe & Szegedy 2015).",
    "activation": "The non-linearity, without which consecutive layers would equal one.",
    "pool": "Keeps the maximum of each window: fewer values, and tolerance to small shifts.",
    "mean": "Averages each window: fewer values, and tolerance to small shifts.",
    "drop": "Sets random activations to zero in training, so that no decision depends on a single "
    "feature (Srivastava et al. 2014).",
    "flatten": "Turns the maps into one vector for the dense layers.",
    "average": "The mean of each map: the classification does not depend on where a part is.",
    "dense": "Combines all values that reach it.",
}


def design_network(recipe: Recipe) -> Design:
    """Return the layers listed in the recipe.

    Args:
        recipe: ``architecture``, checked when the recipe was created; ``width``; ``dropout``, the
            rate of dropout layers that have none.
    """
    layers = scale_architecture(parse_architecture(recipe.architecture), recipe.width)
    network = Design("custom")
    for number, layer in enumerate(layers[:-1], start=1):
        name = f"{_NAMES.get(type(layer).__name__)}_n{number}"
        match layer:
            case ResidualBlock():
                # A single stage, so its blocks are named 1.1, 1.2 and so on, in list order.
                block = replace(recipe, normalisation=True)
                stride = layer.strides
                add_residual_block(network, layer.filters, block, f"1{number}", stride=stride)
            case BatchNormalization():
                network.add_normalization(name)
            case Dropout(rate=None):
                network.add(structs.replace(layer, rate=recipe.dropout), name)
            case _:
                network.add(layer, name)
    network.add(layers[-1], "probabilities")
    return network


def find_position(name: str) -> int | None:
    """Return the index in the recipe's list from which a layer with that name was built.

    None for the layers around the list, and for its last, ``probabilities``.
    """
    found = _NUMBER.fullmatch(name)
    return int(found[1]) - 1 if found else None
