"""Start from the weights of another run, where they fit."""

from __future__ import annotations

from collections.abc import Collection

import keras
import numpy as np

from fmnist.errors import RecipeError
from fmnist.networks.load import load_network
from fmnist.runs import Recipe, open_source


def take_weights(network: keras.Model, recipe: Recipe) -> str:
    """Copy the weights of a run's layers into those of the same name and shape.

    A residual block that the run did not have begins as the identity: the scale of its last
    normalisation is zero (Goyal et al. 2017), so that a network with such blocks added predicts
    what the source does until it has learned something better.

    Args:
        network: the network to change.
        recipe: the recipe that names the run.

    Returns:
        A sentence that says how many layers were copied.

    Raises:
        RunError: there is no such run, or it is not finished.
        RecipeError: none of its weights fit, or it learned from what this recipe validates on.
    """
    run = open_source(recipe)
    source = load_network(str(run.model_path))
    known = {layer.name: layer.get_weights() for layer in source.layers}
    taken = 0
    learning = [layer for layer in network.layers if layer.weights]
    for layer in learning:
        weights = known.get(layer.name, [])
        if [w.shape for w in weights] == [tuple(w.shape) for w in layer.weights]:
            layer.set_weights(weights)
            taken += 1
    if taken == 0:
        raise RecipeError(
            f"No layer of {run.run_id} fits this network. "
            "Choose a run of the same network and width."
        )
    _silence_new_blocks(network, known.keys())
    return f"Started from {run.run_id}: weights of {taken} of {len(learning)} layers."


def _silence_new_blocks(network: keras.Model, known: Collection[str]) -> None:
    names = {layer.name for layer in network.layers}
    for name in names:
        last = name.replace("add_", "norm_") + "b"
        if name.startswith("add_") and name not in known and last in names:
            scale = network.get_layer(last).gamma
            scale.assign(np.zeros(scale.shape, np.float32))
