"""Converts a Keras network to the content of a ``model.onnx`` and compares both."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Final

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from keras.src.export.tf2onnx_lib import patch_tf2onnx  # what Keras' own export calls

from fmnist.classes import IMAGE_SIZE
from fmnist.errors import InferenceError
from fmnist.runs.layout import RunFile
from fmnist.runs.onnx_file import FEATURES, INPUT, MODEL_SHA256, OPSET, PREDICT

CHECKED_IMAGES: Final = 256

MAX_DIFFERENCE: Final = 1e-4
"""Largest allowed difference of a prediction; the shipped networks differ by less than a hundredth
of it, since the two libraries add up in different orders."""


def export_onnx(network: keras.Model, model_sha256: str) -> bytes:
    """Return the content of a network's ``model.onnx``.

    Keras' own ``export(format="onnx")`` first prepares a SavedModel, which takes a third of the
    time; this calls only the conversion.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0-255, and returns probabilities ``(n, 10)``.
        model_sha256: the SHA-256 of the ``model.keras`` that holds it, in hex.

    Raises:
        InferenceError: ONNX Runtime's predictions for 256 random images differ from those of Keras.
    """
    outputs = {PREDICT: network.outputs[0], FEATURES: network.layers[-1].input}
    both = keras.Model(network.inputs[0], outputs)
    signature = [tf.TensorSpec((None, IMAGE_SIZE, IMAGE_SIZE, 1), tf.float32, name=INPUT)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # it uses names that NumPy has removed
        patch_tf2onnx()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, RunFile.ONNX)
        tf2onnx.convert.from_function(
            tf.function(lambda images: both(images, training=False)),
            signature,
            opset=OPSET,
            output_path=str(path),
        )
        model = onnx.load(path)
    onnx.helper.set_model_props(model, {MODEL_SHA256: model_sha256})
    content: bytes = model.SerializeToString(deterministic=True)
    difference = compute_difference(both, content)
    if not difference <= MAX_DIFFERENCE:  # NaN is not
        raise InferenceError(
            f"ONNX Runtime's answers differ from Keras' by {difference:.2g}; at most "
            f"{MAX_DIFFERENCE:g} is allowed. Install the packages of requirements.txt again."
        )
    return content


def compute_difference(both: keras.Model, content: bytes) -> float:
    """Return the largest difference between predictions for 256 fixed random images.

    Differences are those of the probabilities, or of the features relative to the largest one.

    Args:
        both: the Keras model with the outputs ``predict`` and ``features``.
        content: the content of its ``model.onnx``.
    """
    rng = np.random.default_rng(0)
    shape = (CHECKED_IMAGES, IMAGE_SIZE, IMAGE_SIZE, 1)
    images = rng.integers(0, 256, shape).astype(np.float32)
    tiles = images[::2, ::4, ::4]  # every other image has large areas of one tone, like garments
    images[::2] = tiles.repeat(4, axis=1).repeat(4, axis=2)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    expected = both.predict_on_batch(images)
    answers = session.run([PREDICT, FEATURES], {INPUT: images})
    return max(
        float(np.abs(answer - expected[name]).max() / max(1.0, np.abs(expected[name]).max()))
        for name, answer in zip((PREDICT, FEATURES), answers, strict=True)
    )
