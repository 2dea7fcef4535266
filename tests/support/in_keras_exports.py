"""Exports made, damaged and loaded again in the process with Keras."""

from __future__ import annotations

import os
from contextlib import chdir
from pathlib import Path
from unittest import mock

import numpy as np

from fmnist.export_worker import FORMATS, Export


def export(model: str, kind: str, target: str, archive: str, damage: float = 0.0) -> Export:
    """Write a network in one format and compare it.

    Args:
        model: a ``model.keras``.
        kind: id of the format.
        target: the file.
        archive: folder of the data set.
        damage: added to the logit of the first class before it is written.
    """
    from fmnist.export_worker import functions

    write = functions._write

    def write_damaged(path: Path, *rest: object) -> None:
        network = functions._load(path, path.stat().st_mtime_ns)
        bias = network.layers[-1].bias
        whole = np.asarray(bias)
        bias.assign(whole + damage * (np.arange(10) == 0))
        try:
            write(path, *rest)
        finally:
            bias.assign(whole)

    with (
        mock.patch.object(functions, "_write", write_damaged),
        mock.patch.dict(os.environ, FMNIST_ARCHIVE=archive),
    ):
        return functions.export(model, kind, target, f"{target}.doing.json")


def fold(sign: float, bias: bool) -> tuple[float, int]:
    """Fold a small network with a normalisation after a pooling.

    Args:
        sign: the sign of the factors of the normalisation.
        bias: whether the convolution has one.

    Returns:
        The largest difference of an answer, and how many normalisations are left.
    """
    import keras

    from fmnist.export_worker.folding import fold_normalisation

    keras.utils.set_random_seed(0)
    inputs = keras.Input((28, 28, 1))
    maps = keras.layers.Conv2D(4, 3, use_bias=bias, bias_initializer="random_normal")(inputs)
    maps = keras.layers.BatchNormalization()(keras.layers.MaxPooling2D(3, 2)(maps))
    maps = keras.layers.ReLU()(maps)
    answers = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(maps))
    network = keras.Model(inputs, answers)
    rng = np.random.default_rng(0)
    normalisation = network.layers[3]
    normalisation.set_weights([sign * (1 + rng.random(4)), *rng.random((3, 4))])
    folded = fold_normalisation(network)
    images = rng.random((20, 28, 28, 1)).astype(np.float32)
    left = sum(isinstance(each, keras.layers.BatchNormalization) for each in folded.layers)
    difference = network.predict_on_batch(images) - folded.predict_on_batch(images)
    return float(np.abs(difference).max()), left


def equalise() -> tuple[float, dict[str, tuple[float, float]]]:
    """Equalise a small residual network with gates, whose channels differ in range.

    Returns:
        The largest difference of an answer; by layer, the largest range of a channel divided by
        the smallest, before and after.
    """
    import keras

    from fmnist.export_worker.equalising import equalise_channels

    keras.utils.set_random_seed(0)
    inputs = keras.Input((28, 28, 1))
    stem = keras.layers.Conv2D(4, 3, activation="relu", name="stem")(inputs)
    maps = keras.layers.Conv2D(4, 3, padding="same", use_bias=False)(stem)
    maps = keras.layers.BatchNormalization(name="norm")(maps)
    gates = keras.layers.GlobalAveragePooling2D(keepdims=True)(maps)
    gates = keras.layers.Conv2D(4, 1, activation="sigmoid")(gates)
    maps = keras.layers.Add()([stem, keras.layers.Multiply()([maps, gates])])
    maps = keras.layers.ReLU(name="sum")(maps)
    features = keras.layers.GlobalAveragePooling2D()(maps)
    features = keras.layers.Dense(6, activation="relu", name="hidden")(features)
    features = keras.layers.Dense(5, activation="gelu", name="curved")(features)
    answers = keras.layers.Dense(10, activation="softmax")(features)
    network = keras.Model(inputs, answers)
    rng = np.random.default_rng(0)
    for name in ("stem", "norm", "hidden"):
        layer = network.get_layer(name)
        weights = layer.get_weights()
        spread = np.geomspace(1, 64, weights[0].shape[-1])
        layer.set_weights([each * spread for each in weights[:2]] + weights[2:])
    images = rng.integers(0, 256, (20, 28, 28), np.uint8)
    equalised = equalise_channels(network, images)
    batch = images[..., np.newaxis].astype(np.float32)
    difference = network.predict_on_batch(batch) - equalised.predict_on_batch(batch)

    def measure_spread(model: keras.Model, name: str) -> float:
        output = keras.Model(model.inputs, model.get_layer(name).output).predict_on_batch(batch)
        ranges = np.abs(output).reshape(-1, output.shape[-1]).max(axis=0)
        return float(ranges.max() / ranges[ranges > 0].min())

    spreads = {
        name: (measure_spread(network, name), measure_spread(equalised, name))
        for name in ("stem", "sum", "hidden", "curved")
    }
    return float(np.abs(difference).max()), spreads


def run_snippet(kind: str, path: str, images: np.ndarray) -> np.ndarray:
    """Return the output of the code that loads an export.

    Args:
        kind: id of the format.
        path: the file.
        images: float32 ``(n, 28, 28, 1)``.
    """
    folder, name = os.path.split(path)
    values = {"images": images}
    with chdir(folder):
        exec(FORMATS[kind].describe_loading(name), values)
    return np.asarray(values["y_proba"])
