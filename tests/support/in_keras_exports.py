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
