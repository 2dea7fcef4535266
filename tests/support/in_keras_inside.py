"""Networks whose inside is looked at in the process that has Keras."""

from __future__ import annotations

from typing import Any

import numpy as np


def build_positive(path: str) -> None:
    """Save a residual network without gates whose kernels are all positive: 28, 14 and 7 pixels.

    Whatever a pixel of a map sees raises its value.
    """
    import keras

    inputs = keras.Input((28, 28, 1), name="pixels")
    x = keras.layers.Conv2D(2, 3, padding="same", activation="relu", name="first")(inputs)
    x = keras.layers.AveragePooling2D(3, 2, padding="same", name="mean")(x)
    y = keras.layers.Conv2D(2, 3, padding="same", name="inner")(x)
    x = keras.layers.Add(name="add")([x, y])
    x = keras.layers.Conv2D(3, 5, strides=2, padding="same", name="last")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    network = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))
    network.set_weights([np.full(each.shape, 0.1, np.float32) for each in network.get_weights()])
    network.save(path)


def build_varied(path: str) -> None:
    """Save a network with every kind of layer that a stage may have; its sixth map is dead.

    Weights and moving statistics are random.
    """
    import keras

    keras.utils.set_random_seed(0)
    inputs = keras.Input((28, 28, 1), name="pixels")
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(6, 3, padding="same", use_bias=False, name="first")(x)
    x = keras.layers.MaxPooling2D(3, 2, padding="same", name="pool")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.ReLU(name="relu")(x)
    y = keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="tanh", name="tanh")(x)
    x = keras.layers.AveragePooling2D(2, name="mean")(x)
    x = keras.layers.Add(name="add")([x, y])
    x = keras.layers.Activation("gelu", name="gelu")(x)
    x = keras.layers.Conv2D(4, 3, padding="valid", name="valid")(x)
    x = keras.layers.Activation("relu", name="last_relu")(x)
    x = keras.layers.MaxPooling2D(2, padding="same", name="last_pool")(x)
    x = keras.layers.Flatten()(x)
    network = keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))
    rng = np.random.default_rng(0)
    gamma, beta = np.full(6, 1.5, np.float32), np.array([0, 0.1, 0.2, 0.3, 0.4, -99], np.float32)
    moving = rng.uniform(0.5, 1.5, (2, 6)).astype(np.float32)
    network.get_layer("norm").set_weights([gamma, beta, *moving])
    network.save(path)


def answer(function: str, *given: Any) -> Any:
    """Return what a function of the Keras worker answers, or its error's message."""
    from fmnist.errors import InferenceError
    from fmnist.keras_worker import functions

    try:
        return getattr(functions, function)(*given)
    except InferenceError as error:
        return str(error)


def find_changed(path: str, images: np.ndarray, stage: str, at: tuple[int, int]) -> np.ndarray:
    """Return for which of 784 images a pixel of a stage's first map is not as for a black one."""
    import keras

    from fmnist.keras_worker.loaded import get_network, to_pixels
    from fmnist.keras_worker.stages import list_stages

    network = get_network(path)
    (last,) = [layers[-1] for layers in list_stages(network) if layers[0].name == stage]
    observed = keras.Model(network.inputs, last.output)
    values = observed.predict_on_batch(to_pixels(images))[:, *at, 0]
    black = observed.predict_on_batch(to_pixels(images[:1] * 0))[:, *at, 0]
    return (np.abs(values - black) > 1e-4).reshape(28, 28)
