"""Predictions of an ONNX graph, in batches of limited size."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from fmnist import settings
from fmnist.runs.onnx_file import FEATURES, INPUT, PREDICT

PIECE: Final = 200
"""Images per call: the distances to 54,000 training images take 43 MB then."""

_TIMED: Final = 20
"""Answers whose median is the time of one."""


class Session:
    """A graph that takes batches and returns probabilities and features.

    Args:
        graph: the bytes of a ``model.onnx``, or its path.
        threads: cores to use; 0 for all that the process may use.
    """

    def __init__(self, graph: bytes | Path, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or settings.count_cores()
        # A thread that busy-waits takes the core from one that computes.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        source = str(graph) if isinstance(graph, Path) else graph
        self._session = onnxruntime.InferenceSession(
            source, options, providers=["CPUExecutionProvider"]
        )

    def predict_on_batch(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return probabilities ``(n, 10)`` of a batch, ``(n, 28, 28, 1)``, 0–255."""
        return self._run(PREDICT, x)

    def predict(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return probabilities ``(n, 10)`` of images, uint8 ``(n, 28, 28)``."""
        return self._run(PREDICT, images[..., np.newaxis])

    def extract(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return features ``(n, k)`` of images, uint8 ``(n, 28, 28)``."""
        return self._run(FEATURES, images[..., np.newaxis])

    def _run(self, output: str, x: NDArray[np.uint8 | np.float32]) -> NDArray[np.float32]:
        pieces = [
            self._session.run([output], {INPUT: x[start : start + PIECE].astype(np.float32)})[0]
            for start in range(0, len(x), PIECE)
        ]
        return np.concatenate(pieces)


def measure_milliseconds(path: Path) -> float:
    """Return the median time to classify one image, in milliseconds, on one core.

    The images are distinct noise: on a blank image, trees always take the same short paths.
    """
    session = Session(path, threads=1)
    images = np.random.default_rng(0).integers(0, 256, (_TIMED + 1, 1, 28, 28)).astype(np.uint8)
    took = []
    for image in images:
        start = time.perf_counter()
        session.predict(image)
        took.append(time.perf_counter() - start)
    return round(1e3 * float(np.median(took[1:])), 3)  # the first one allocates its memory
