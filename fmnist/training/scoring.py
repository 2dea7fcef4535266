"""What a network says about many images, and how often it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.training.batches import as_batch

PREDICT_IMAGES: Final = 1000
"""Images a prediction call: a stop is heard between two of them."""


def predict_probabilities(
    network: keras.Model, images: NDArray[np.uint8], check_stop: Callable[[], None]
) -> NDArray[np.float32]:
    """Return probabilities, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""
    parts = []
    for start in range(0, len(images), PREDICT_IMAGES):
        check_stop()
        parts.append(network.predict_on_batch(as_batch(images[start : start + PREDICT_IMAGES])))
    return np.concatenate(parts).astype(np.float32)


def compute_metrics(y_true: NDArray[np.uint8], y_proba: NDArray[np.floating]) -> dict[str, float]:
    """Return accuracy and mean cross-entropy (nats) of probabilities ``(n, 10)``."""
    chosen = y_proba[np.arange(len(y_true)), y_true]
    return {
        "accuracy": float(np.mean(np.argmax(y_proba, axis=1) == y_true)),
        "loss": float(-np.mean(np.log(np.maximum(chosen, 1e-7)))),
    }
