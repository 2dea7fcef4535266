"""The functions that the Keras worker answers with; TensorFlow is imported here and first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import keras
import numpy as np

from fmnist.keras_worker.gradients import attribute, differentiate_loss
from fmnist.keras_worker.stages import compute_stages, find_maxima
from fmnist.keras_worker.trace import find_fields, trace_pixel
from fmnist.networks.load import load_network

__all__ = [
    "attribute",
    "compute_stages",
    "convert",
    "differentiate_loss",
    "find_fields",
    "find_maxima",
    "trace_pixel",
    "warm",
]


def warm() -> bool:
    """Prepare the device; importing this module has loaded TensorFlow, which takes seconds."""
    return bool(np.asarray(keras.ops.ones(())))


def convert(path: str) -> bytes:
    """Return the content of the ``model.onnx`` of a ``model.keras``, compared with Keras."""
    from fmnist.networks.onnx_export import export_onnx

    network = load_network(path)
    try:
        return export_onnx(network, hashlib.sha256(Path(path).read_bytes()).hexdigest())
    finally:
        keras.backend.clear_session()
