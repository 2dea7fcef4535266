"""Predictions for many images, and their accuracy and loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.runs.fields import Metrics
from fmnist.training.data import as_batch
from fmnist.training.trained import Model

PREDICT_IMAGES: Final = 1000
"""Images per call: progress is reported, and a stop takes effect, after each call."""


def predict_probabilities(
    network: Model, images: NDArray[np.uint8], report: Callable[[int], None]
) -> NDArray[np.float32]:
    """Predict the classes of images.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0–255.
        images: uint8 ``(n, 28, 28)``.
        report: called after each part with its number of images; may raise to end the prediction.

    Returns:
        Probabilities, float32 ``(n, 10)``.
    """
    parts = []
    for start in range(0, len(images), PREDICT_IMAGES):
        part = images[start : start + PREDICT_IMAGES]
        parts.append(network.predict_on_batch(as_batch(part)))
        report(len(part))
    return np.concatenate(parts).astype(np.float32)


def compute_metrics(y_true: NDArray[np.uint8], y_proba: NDArray[np.floating]) -> Metrics:
    """Return accuracy and mean cross-entropy (nats) of probabilities ``(n, 10)``."""
    chosen = y_proba[np.arange(len(y_true)), y_true]
    return {
        "accuracy": float(np.mean(np.argmax(y_proba, axis=1) == y_true)),
        "loss": float(-np.mean(np.log(np.maximum(chosen, 1e-7)))),
    }
