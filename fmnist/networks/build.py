"""Builds a network by name; needs Keras, so pages do not import it."""

from __future__ import annotations

from typing import Any

import keras

from fmnist.classes import IMAGE_SHAPE
from fmnist.networks.describe import design_network
from fmnist.runs import Recipe


def build_network(recipe: Recipe) -> keras.Model:
    """Build the recipe's network; its seed determines the initial weights.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.

    Raises:
        RecipeError: there is no such network.
    """
    design = design_network(recipe)
    keras.utils.set_random_seed(recipe.seed)
    outputs: dict[str, Any] = {}
    for name, layer in design.layers.items():
        if not layer.inputs:
            outputs[name] = pixels = keras.Input((*IMAGE_SHAPE, 1), name=name)
            continue
        inputs = [outputs[each] for each in layer.inputs]
        kind = getattr(keras.layers, layer.kind)
        outputs[name] = kind(**layer.arguments, name=name)(inputs if inputs[1:] else inputs[0])
    return keras.Model(pixels, outputs[design.last], name=design.name)
