"""Loads a network from ``model.keras``, which may be damaged or untrusted."""

from __future__ import annotations

import math
from typing import Any, Final

import keras
import numpy as np
from keras.src.backend.common import global_state  # no public module has it

from fmnist import settings
from fmnist.classes import IMAGE_SIZE, N_CLASSES
from fmnist.errors import FmnistError, InferenceError, is_memory_error
from fmnist.networks.model_file import check_size, load_config, refuse

SUM_TOLERANCE: Final = 0.01
"""Ten probabilities add up to 1 within a hundredth, even in 16-bit floats."""


def load_network(path: str) -> keras.Model:
    """Load a network, checking it before Keras builds it and before its predictions are used.

    Args:
        path: a ``model.keras``.

    Returns:
        Not compiled; takes ``(n, 28, 28, 1)``, 0–255, and returns probabilities ``(n, 10)``.

    Raises:
        OSError: the file can't be read.
        InferenceError: it is damaged, larger than any of ours, or not one of our networks; the
            message names the file and the reason.
    """
    config = load_config(path)
    try:
        _check_network(path, config)
        model = keras.saving.load_model(path, compile=False)
    except FmnistError:
        raise
    # Keras raises whatever its readers of zip, JSON and HDF5 raise.
    except Exception as error:
        if is_memory_error(error):
            raise
        raise InferenceError(
            f"{path} is damaged, or was saved by another version of Keras: "
            f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} "
            "Restore the file or train the run again."
        ) from error
    _check_answers(path, model)
    return model


def _check_network(path: str, config: dict[str, Any]) -> None:
    """Check a network's size, input and output, building it without allocating its weights.

    In a ``StatelessScope``, Keras records the shapes of the weights without creating them. Its list
    of pending variables must be emptied, or the next scope would create them.
    """
    layers = config.get("config", {}).get("layers", ())
    if len(layers) > settings.MAX_MODEL_LAYERS:
        raise refuse(path, f"it has {len(layers):,} layers")
    try:
        with keras.StatelessScope(initialize_variables=False):
            network = keras.saving.deserialize_keras_object(config)
    finally:
        global_state.set_global_attribute("uninitialized_variables", [])
    outputs = [math.prod(layer.output.shape[1:]) for layer in network.layers]
    check_size(path, network.count_params(), max(outputs))
    ends = [each.shape for each in (*network.inputs, *network.outputs)]
    if ends != [(None, IMAGE_SIZE, IMAGE_SIZE, 1), (None, N_CLASSES)]:
        raise refuse(
            path, f"it maps {' to '.join(map(str, ends))}, not 28×28 pixels to ten classes"
        )


def _check_answers(path: str, model: keras.Model) -> None:
    """Check that a network predicts probabilities for a blank and a grey image."""
    images = np.stack([np.zeros((IMAGE_SIZE, IMAGE_SIZE)), np.full((IMAGE_SIZE, IMAGE_SIZE), 128)])
    y_proba = np.asarray(model.predict_on_batch(images.astype(np.float32)[..., np.newaxis]))
    is_sound = (y_proba >= 0).all() and (np.abs(y_proba.sum(axis=1) - 1) < SUM_TOLERANCE).all()
    if not is_sound:  # NaN is neither
        raise refuse(path, "its outputs aren't probabilities")
