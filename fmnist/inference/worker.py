"""The functions that the inference worker answers with; TensorFlow is imported here and first."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import absl.logging
import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.networks.build import build_network, describe_network
from fmnist.networks.load import load_network
from fmnist.runs import Recipe

BATCH_IMAGES: Final = 256
LOADED_MODELS: Final = 8

# Keras warns through absl that .h5 is an older format; the person who exports one has chosen it.
absl.logging.set_verbosity(absl.logging.ERROR)


def warm() -> bool:
    """Prepare the device; importing this module has loaded TensorFlow, which takes seconds."""
    return bool(np.asarray(keras.ops.ones(())))


def predict(path: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return probabilities, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""
    return _compute(_load_model(path, Path(path).stat().st_mtime), images)


def extract(path: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return what enters the last layer, float32 ``(n, k)``, for images, uint8 ``(n, 28, 28)``."""
    return _compute(_load_features(path, Path(path).stat().st_mtime), images)


def export(path: str, suffix: str) -> bytes:
    """Return the content of a model file without optimiser state.

    Args:
        path: a ``model.keras``.
        suffix: the format, ``.h5`` or ``.keras``.
    """
    network = _load_model(path, Path(path).stat().st_mtime)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, f"network{suffix}")
        keras.saving.save_model(network, target)
        return target.read_bytes()


def describe(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """Build the network of a recipe and describe its layers as ``LayerRecord`` values."""
    network = build_network(Recipe.from_dict(recipe))
    layers = describe_network(network, recipe["network"])
    keras.backend.clear_session()
    return [asdict(layer) for layer in layers]


@functools.lru_cache(maxsize=LOADED_MODELS)
def _load_model(path: str, modified: float) -> keras.Model:  # noqa: ARG001
    """Load a model once; ``modified`` makes a model that was trained further a new one."""
    return load_network(path)


@functools.lru_cache(maxsize=LOADED_MODELS)
def _load_features(path: str, modified: float) -> keras.Model:
    model = _load_model(path, modified)
    return keras.Model(model.inputs, model.layers[-1].input)


def _compute(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    batch = images.astype(np.float32)[..., np.newaxis]
    parts = [
        model.predict_on_batch(batch[start : start + BATCH_IMAGES])
        for start in range(0, len(batch), BATCH_IMAGES)
    ]
    return np.concatenate(parts).astype(np.float32)
