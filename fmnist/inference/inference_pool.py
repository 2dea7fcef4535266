"""Predicts probabilities and extracts features in a worker process; this side loads no library.

It is a process rather than a thread because ONNX Runtime runs whatever graph a ``model.onnx``
describes, and one that loops or crashes must not stop the server. The round trip costs a
millisecond (``compact``, one image: 3.0 instead of 1.9 ms at best).
"""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.errors import InferenceError
from fmnist.inference.models import OnnxModels
from fmnist.network_process import NetworkProcess
from fmnist.runs import Run
from fmnist.runs.onnx_file import FEATURES, PREDICT

CACHED_ANSWERS: Final = 256
"""Number of ``predict`` results that are cached, a few kilobytes each."""

QUESTION_IMAGES: Final = 256
"""Maximum number of images per request, so that other requests are answered in between."""

_WORKER: Final = NetworkProcess("fmnist.onnx_worker", "ONNX Runtime", {"OPENBLAS_NUM_THREADS": "1"})
"""The inference worker of this process, one for all sessions."""


class InferencePool:
    """Sends requests to the inference worker and caches the latest results.

    The cache serves reruns of a page, which ask about the same images again.
    """

    def __init__(self) -> None:
        self._answers: LRUCache[tuple[object, ...], NDArray[np.float32]] = LRUCache(CACHED_ANSWERS)
        self._lock = threading.Lock()
        self._models = OnnxModels(self._find_fault)

    def warm(self) -> None:
        """Start the worker without waiting for it.

        Errors are reported by the first request that needs an answer.
        """
        with suppress(InferenceError):
            _WORKER.start()

    def prepare(self, run: Run) -> Future[Path]:
        """Return the path of the run's ``model.onnx``, which may have to be made first.

        That takes 10 to 30 seconds, in the Keras worker; ``predict`` and ``extract`` wait for it.
        The future raises ``FmnistError`` if the run has no network, or none that can be used.
        """
        return self._models.find(run)

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the class probabilities predicted by a run's network.

        Args:
            run: its network is loaded once and cached.
            images: uint8 ``(n, 28, 28)``.

        Returns:
            Probabilities, float32 ``(n, 10)``.

        Raises:
            InferenceError: the run has no model, or the worker could not answer.
        """
        path = self.prepare(run).result()
        if len(images) == 0:
            return np.zeros((0, N_CLASSES), np.float32)
        return self._predict(path, path.stat().st_mtime_ns, images)

    @cachedmethod(
        lambda self: self._answers,
        key=lambda _, path, changed, images: (path, changed, images.shape, _digest(images)),
        lock=lambda self: self._lock,
    )
    def _predict(self, path: Path, _changed: int, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        y_proba = self._compute(path, images, PREDICT)
        y_proba.flags.writeable = False  # all callers share this array
        return y_proba

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the features that enter the last layer of a run's network.

        Args:
            run: as for ``predict``.
            images: uint8 ``(n, 28, 28)``, not empty.

        Returns:
            float32 ``(n, k)``; k depends on the network.

        Raises:
            InferenceError: as for ``predict``.
        """
        return self._compute(self.prepare(run).result(), images, FEATURES)

    def measure(self, path: Path) -> float:
        """Return a ``model.onnx``'s median time to classify one image, in milliseconds.

        Raises:
            InferenceError: the file isn't a network, or the worker could not answer.
        """
        return float(_WORKER.call("measure", str(path), seconds=settings.ANSWER_SECONDS))

    def _compute(self, path: Path, images: NDArray[np.uint8], output: str) -> NDArray[np.float32]:
        parts = [
            self._call("compute", str(path), images[start : start + QUESTION_IMAGES], output)
            for start in range(0, len(images), QUESTION_IMAGES)
        ]
        return np.concatenate(parts)

    def _find_fault(self, path: Path, model_sha256: str | None) -> str:
        return str(self._call("find_fault", str(path), model_sha256))

    def _call(self, function: str, *arguments: object) -> NDArray[np.float32]:
        answer: NDArray[np.float32] = _WORKER.call(
            function, *arguments, seconds=settings.ANSWER_SECONDS
        )
        return answer


def _digest(images: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(images.tobytes(), digest_size=16).digest()
