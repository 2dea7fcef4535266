"""Write a network in the formats of other programs; needs TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SIZE
from fmnist.export_worker.equalising import equalise_channels
from fmnist.export_worker.folding import fold_normalisation
from fmnist.networks.onnx_export import export_onnx

CALIBRATION_IMAGES: Final = 300
"""Training images whose activations set the ranges of the 8-bit numbers."""


def write_network(network: keras.Model, kind: str, target: Path, model_path: Path) -> None:
    """Write a network in a format that keeps its weights as floats.

    Args:
        network: from ``load_network``.
        kind: ``keras``, ``h5``, ``saved_model`` or ``onnx``.
        target: the file, or folder of a SavedModel; its ending decides between the first two.
        model_path: the ``model.keras`` that the network was loaded from.
    """
    if kind == "onnx":
        sha256 = hashlib.sha256(model_path.read_bytes()).hexdigest()
        target.write_bytes(export_onnx(network, sha256))
    elif kind == "saved_model":
        _write_saved_model(network, target)
    else:
        keras.saving.save_model(network, target)


def _write_saved_model(network: keras.Model, target: Path) -> None:
    pixels = tf.TensorSpec((None, IMAGE_SIZE, IMAGE_SIZE, 1), tf.float32, name="images")
    archive = keras.export.ExportArchive()
    # Not track(network): it stores each weight a second time.
    archive.add_endpoint(
        "serve",
        lambda images: {"probabilities": network(images, training=False)},
        input_signature=[pixels],
    )
    archive.write_out(str(target), verbose=False)


def write_litert(network: keras.Model, target: Path, calibration: NDArray[np.uint8] | None) -> None:
    """Write a network for LiteRT, by way of a SavedModel, whose signature it keeps.

    Args:
        network: from ``load_network``.
        target: the file.
        calibration: training images, uint8 ``(n, 28, 28)``, for 8 bits throughout; None for 8-bit
            weights alone.
    """
    folder = target.with_name(f"{target.name}.saved_model")
    if calibration is not None:
        network = equalise_channels(fold_normalisation(network), calibration)
    _write_saved_model(network, folder)
    converter = tf.lite.TFLiteConverter.from_saved_model(str(folder))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if calibration is not None:

        def draw_examples() -> Iterator[list[NDArray[np.float32]]]:
            for image in calibration:
                yield [image[np.newaxis, ..., np.newaxis].astype(np.float32)]

        converter.representative_dataset = draw_examples
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    target.write_bytes(converter.convert())


def choose_calibration(x_train: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the training images that set the ranges of the 8-bit numbers: random, but fixed."""
    count = min(CALIBRATION_IMAGES, len(x_train))
    rows = np.random.default_rng(0).choice(len(x_train), count, replace=False)
    return np.asarray(x_train[np.sort(rows)])
