"""Sends requests to the Keras worker; this side never imports Keras."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.keras_env import build_keras_environment
from fmnist.keras_worker.records import PixelTrace, Stage
from fmnist.network_process import NetworkProcess

_ENVIRONMENT: Final = {
    **build_keras_environment(),
    "TF_CPP_MIN_LOG_LEVEL": "3",  # errors reach the caller as exceptions
    # The page that draws the result needs a core, too.
    "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) // 2)),
}


class _KerasProcess:
    """The worker, which ends after an idle time."""

    def __init__(self) -> None:
        self.process = NetworkProcess("fmnist.keras_worker", "Keras and TensorFlow", _ENVIRONMENT)
        self._lock = threading.Lock()
        self._asking = 0
        self._end: threading.Timer | None = None

    def call(self, function: str, *arguments: Any) -> Any:
        with self._lock:
            self._asking += 1
            if self._end is not None:
                self._end.cancel()
        try:
            return self.process.call(function, *arguments, seconds=settings.KERAS_SECONDS)
        finally:
            with self._lock:
                self._asking -= 1
                if self._asking == 0:
                    self._end = threading.Timer(settings.KERAS_IDLE_SECONDS, self._end_if_idle)
                    self._end.daemon = True
                    self._end.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            if self._asking == 0:
                self.process.end()


_KERAS: Final = _KerasProcess()


def convert_model(path: Path) -> bytes:
    """Return the content of the ``model.onnx`` of a ``model.keras``, compared with Keras.

    Raises:
        FmnistError: the file is damaged or the worker could not answer.
    """
    content: bytes = _KERAS.call("convert", str(path))
    return content


def attribute_pixels(
    path: Path,
    images: NDArray[np.uint8],
    method: str,
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None = None,
) -> tuple[NDArray[np.float32], str]:
    """Return what each pixel contributes to a class; see ``fmnist.keras_worker.gradients``.

    Raises:
        FmnistError: the network has no maps or no logits, or the worker could not answer.
    """
    found: tuple[NDArray[np.float32], str] = _KERAS.call(
        "attribute", str(path), images, method, labels, against
    )
    return found


def differentiate_loss(path: Path, image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
    """Return the direction of the loss' gradient; see ``fmnist.keras_worker.gradients``.

    Raises:
        FmnistError: the network has no logits, or the worker could not answer.
    """
    gradient: NDArray[np.float32] = _KERAS.call("differentiate_loss", str(path), image, label)
    return gradient


def compute_stages(path: Path, image: NDArray[np.uint8]) -> list[Stage]:
    """Return the stages of a network with their maps for an image, uint8 ``(28, 28)``.

    Raises:
        FmnistError: the file is damaged or the worker could not answer.
    """
    stages: list[Stage] = _KERAS.call("compute_stages", str(path), image)
    return stages


def find_maxima(
    path: Path, images: NDArray[np.uint8]
) -> dict[str, tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Return the highest value of each map; see ``fmnist.keras_worker.stages.find_maxima``.

    Raises:
        FmnistError: the file is damaged or the worker could not answer.
    """
    found: dict[str, tuple[NDArray[np.float32], NDArray[np.int32]]] = _KERAS.call(
        "find_maxima", str(path), images
    )
    return found


def find_fields(
    path: Path, stage: str, positions: tuple[tuple[int, int], ...]
) -> list[tuple[int, int, int, int]]:
    """Return the receptive fields of a stage's pixels; see ``fmnist.keras_worker.trace``.

    Raises:
        FmnistError: the file is damaged or the worker could not answer.
    """
    fields: list[tuple[int, int, int, int]] = _KERAS.call(
        "find_fields", str(path), stage, positions
    )
    return fields


def trace_pixel(
    path: Path, image: NDArray[np.uint8], stage: str, channel: int, position: tuple[int, int]
) -> PixelTrace:
    """Return how a pixel of a map gets its value; see ``fmnist.keras_worker.trace``.

    Raises:
        FmnistError: there is no such pixel, or the worker could not answer.
    """
    trace: PixelTrace = _KERAS.call("trace_pixel", str(path), image, stage, channel, position)
    return trace
