"""What still needs Keras outside of a training, in a process of its own that starts when asked.

The ``model.onnx`` of a run that lacks one, gradients and feature maps. Answers come from
``fmnist.inference``, which does without. The process takes a gigabyte and ends when it has been
idle for ``settings.KERAS_IDLE_SECONDS``.
"""

from __future__ import annotations

from fmnist.keras_worker.client import attribute_pixels, convert_model

__all__ = ["attribute_pixels", "convert_model"]
