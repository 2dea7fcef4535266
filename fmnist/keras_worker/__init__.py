"""Tasks that need Keras outside of training, in a separate process started on demand.

They are gradients, feature maps, and the conversion of runs without a ``model.onnx``. Predictions
come from ``fmnist.inference``, which does not need Keras. The process takes a gigabyte and ends
after ``settings.KERAS_IDLE_SECONDS`` of inactivity.
"""

from __future__ import annotations

from fmnist.keras_worker.client import (
    attribute_pixels,
    compute_stages,
    convert_model,
    differentiate_loss,
    find_fields,
    find_maxima,
    trace_pixel,
)
from fmnist.keras_worker.records import PixelTrace, Stage

__all__ = [
    "PixelTrace",
    "Stage",
    "attribute_pixels",
    "compute_stages",
    "convert_model",
    "differentiate_loss",
    "find_fields",
    "find_maxima",
    "trace_pixel",
]
