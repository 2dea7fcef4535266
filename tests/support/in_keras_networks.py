"""Checks of networks built by Keras, for a separate process; inputs and outputs are plain
values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fmnist.runs import Recipe


def build(values: dict[str, Any]) -> dict[str, Any]:
    """Build a network; return its weights, predictions, and what Keras says of each layer."""
    from fmnist.networks.build import build_network

    network = build_network(Recipe.from_dict(values))
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1)).astype(np.float32)
    return {
        "parameters": network.count_params(),
        "weights": [np.asarray(weight) for weight in network.weights],
        "layers": {layer.name: _examine(layer) for layer in network.layers},
        "proba": network.predict_on_batch(images),
    }


def _examine(layer: Any) -> dict[str, Any]:
    """Return what Keras says of a layer, and the multiplications that follow from its kernel."""
    shape = tuple(layer.output.shape[1:])
    kernel = getattr(layer, "kernel", None)
    inputs = [] if type(layer).__name__ == "InputLayer" else layer.input
    inputs = inputs if isinstance(inputs, list) else [inputs]
    return {
        "kind": type(layer).__name__,
        "output_shape": shape,
        "parameters": int(layer.count_params()),
        "multiplications": 0 if kernel is None else math.prod((*kernel.shape, *shape[:-1])),
        "inputs": tuple(tensor._keras_history.operation.name for tensor in inputs),
    }


def predict(path: str, images: np.ndarray) -> np.ndarray:
    """Open a model file as the README does and return its probabilities, ``(n, 10)``."""
    import keras

    network = keras.models.load_model(path)
    return network.predict_on_batch(images.astype(np.float32)[..., np.newaxis])
