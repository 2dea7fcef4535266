"""Load an export with the library that its users would take: the functions that predict with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Predict: TypeAlias = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""float32 ``(n, 28, 28, 1)``, 0-255, to probabilities ``(n, 10)``."""


def load_export(kind: str, path: Path) -> Predict:
    """Return a function that predicts with an exported file, in one thread.

    Args:
        kind: id of the format.
        path: the file, or the folder of a SavedModel.
    """
    if kind in {"keras", "h5"}:
        import keras

        predict: Predict = keras.saving.load_model(path).predict_on_batch
        return predict
    if kind == "saved_model":
        import tensorflow as tf

        served = tf.saved_model.load(str(path))
        return lambda images: np.asarray(served.serve(images)["probabilities"])
    if kind == "onnx":
        return load_onnx(path)
    from ai_edge_litert.interpreter import Interpreter

    run: Any = Interpreter(str(path), num_threads=1).get_signature_runner()
    if kind == "litert":
        return lambda images: np.asarray(run(images=images)["probabilities"])
    return lambda images: (
        run(images=images.astype(np.uint8))["probabilities"].astype(np.float32) / 256
    )


def load_onnx(path: Path) -> Predict:
    """Return a function that predicts with a ``model.onnx`` by ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda images: np.asarray(session.run(["predict"], {"images": images})[0])
