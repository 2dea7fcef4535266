"""Small networks whose gradients can be told by hand, and what the Keras worker says of them."""

from __future__ import annotations

from typing import Any

import numpy as np


def build_linear(path: str) -> np.ndarray:
    """Save a network of one dense layer and return its kernel, float32 ``(784, 10)``."""
    import keras

    inputs = keras.Input((28, 28, 1), name="pixels")
    x = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    network = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))
    kernel = np.random.default_rng(0).normal(0, 0.1, (784, 10)).astype(np.float32)
    network.layers[-1].set_weights([kernel, np.arange(10, dtype=np.float32)])
    network.save(path)
    return kernel


def build_convolution(path: str) -> None:
    """Save a network of two maps, 14×14: every other pixel once and twice, then their means.

    The first map speaks for class 0 with a weight of 3, the second against it with one of 1, and
    for class 1 with one of 2.
    """
    import keras

    inputs = keras.Input((28, 28, 1), name="pixels")
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(2, 1, strides=2, activation="relu", use_bias=False, name="maps")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    network = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))
    network.get_layer("maps").set_weights([np.array([1, 2], np.float32).reshape(1, 1, 1, 2)])
    weights = np.zeros((2, 10), np.float32)
    weights[:, 0], weights[:, 1] = (3, -1), (0, 2)
    network.layers[-1].set_weights([weights, np.zeros(10, np.float32)])
    network.save(path)


def build_random(path: str, shuffled_path: str) -> None:
    """Save an untrained residual network, and the same one with each kernel shuffled."""
    from dataclasses import replace

    from fmnist.networks import find_network
    from fmnist.networks.build import build_network

    network = build_network(replace(find_network("compact").recipe, width=0.25))
    network.save(path)
    rng = np.random.default_rng(0)
    weights = [rng.permuted(each) if each.ndim > 1 else each for each in network.get_weights()]
    network.set_weights(weights)
    network.save(shuffled_path)


def weigh(kind: str, maps: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Return what ``weigh_by_…`` returns."""
    from fmnist.keras_worker import gradients as room

    return getattr(room, f"weigh_by_{kind}")(maps, gradients)


def attribute(*given: Any) -> tuple[np.ndarray, str] | str:
    """Return what the Keras worker answers, or its error's message."""
    from fmnist.errors import InferenceError
    from fmnist.keras_worker.functions import attribute as compute

    try:
        return compute(*given)
    except InferenceError as error:
        return str(error)


def differentiate_loss(path: str, image: np.ndarray, label: int) -> np.ndarray:
    """Return what the Keras worker answers."""
    from fmnist.keras_worker.functions import differentiate_loss as compute

    return compute(path, image, label)


def find_layer(path: str, side: int) -> str:
    """Return the name of the layer that is chosen for maps of a size."""
    from fmnist.keras_worker.gradients import choose_layer
    from fmnist.keras_worker.loaded import get_network

    return choose_layer(get_network(path), side).name
