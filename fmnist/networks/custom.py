"""A network of one's own: the layers that the recipe lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import keras
import msgspec

from fmnist.classes import IMAGE_SHAPE
from fmnist.networks.parts import add_residual_block
from fmnist.networks.residual import REASONS as RESIDUAL_REASONS
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    BatchNormalization,
    Dropout,
    Layer,
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


def build_network(recipe: Recipe) -> keras.Model:
    """Build the network with weights drawn from Keras' global seed.

    Args:
        recipe: ``architecture``, checked when the recipe was made; ``width``; ``dropout``, the
            rate of the dropout layers without one.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.
    """
    layers = scale_architecture(parse_architecture(recipe.architecture), recipe.width)
    pixels = keras.Input((*IMAGE_SHAPE, 1), name="pixels")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(pixels)
    for number, layer in enumerate(layers, start=1):
        is_last = number == len(layers)
        if isinstance(layer, ResidualBlock):
            # One stage: its blocks are drawn as 1.1, 1.2 and so on, by their place in the list.
            block = replace(recipe, normalisation=True)
            x = add_residual_block(x, layer.filters, block, f"1{number}", stride=layer.strides)
        else:
            x = _build_layer(layer, recipe, number, is_last=is_last)(x)
    return keras.Model(pixels, x, name="custom")


def _build_layer(layer: Layer, recipe: Recipe, number: int, *, is_last: bool) -> keras.Layer:
    fields = msgspec.structs.asdict(layer)
    if isinstance(layer, Dropout) and layer.rate is None:
        fields["rate"] = recipe.dropout
    if isinstance(layer, BatchNormalization):
        # Momentum 0.9 instead of 0.99: the statistics follow weights that change fast.
        fields["momentum"] = 0.9
    kind = type(layer).__name__
    name = "probabilities" if is_last else f"{_NAMES[kind]}_n{number}"
    return getattr(keras.layers, kind)(**fields, name=name)
