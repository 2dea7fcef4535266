"""Tasks that need Keras outside of training, in a separate process that starts on demand.

They are the ``model.onnx`` of a run that lacks one, gradients and feature maps. Predictions come
from ``fmnist.inference``, which does not need Keras. The process takes a gigabyte and ends when it
has been idle for ``settings.KERAS_IDLE_SECONDS``.
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
