"""The endpoint's network, which runs in the endpoint's own process."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES, IMAGE_SHAPE
from fmnist.images import KindChoice, get_picture_pool
from fmnist.inference import decide_verdict, describe_doubt, predict_pictures
from fmnist.inference.models import OnnxModels
from fmnist.onnx_worker.functions import compute, find_fault
from fmnist.runs import Run
from fmnist.runs.onnx_file import FEATURES, PREDICT
from fmnist.serving.answers import build_answers, round_probabilities


class ServedNetwork:
    """One run's network, in the server's process, since the server has no other task.

    Pictures are decoded in the picture workers, whose time and memory are limited.

    Attributes:
        run: the run whose network is served.
        is_ready: whether it is loaded.
    """

    def __init__(self, run: Run) -> None:
        """Load nothing yet."""
        self.run = run
        self.is_ready = False
        self._path = ""
        self._temperature, self._threshold = 1.0, 0.0

    def load(self) -> None:
        """Load the network and predict once, so that the first client doesn't have to wait.

        A run without ``model.onnx`` is converted first, which takes 10 to 30 seconds and requires
        Keras.

        Raises:
            FmnistError: the run has no network, or one that can't be used.
        """
        self._temperature, self._threshold = read_calibration(self.run)
        models = OnnxModels(lambda path, model_sha256: find_fault(str(path), model_sha256))
        self._path = str(models.find(self.run).result())
        self.answer(np.zeros((1, *IMAGE_SHAPE), np.uint8))
        self.is_ready = True

    def answer(self, images: NDArray[np.uint8]) -> list[dict[str, Any]]:
        """Return the answer for each image, uint8 ``(n, 28, 28)``; see ``build_answers``."""
        return build_answers(self.predict(self.run, images), self._temperature, self._threshold)

    def answer_picture(self, content: bytes, kind: KindChoice) -> dict[str, Any]:
        """Return the answer for a picture file.

        Returns:
            As for an image, with ``kind`` and ``warning``; ``label`` and ``class_id`` are None
            if the picture shows no garment.

        Raises:
            ImageError: it can't be decoded, or not within the limits of time and memory.
        """
        picture = get_picture_pool().read(content, "The picture", kind).prepared
        (prediction,) = predict_pictures(self, self.run, [picture])
        verdict = decide_verdict(prediction, picture)
        return {
            "label": None if verdict.label is None else CLASS_NAMES[verdict.label],
            "class_id": verdict.label,
            "probabilities": round_probabilities(prediction.y_proba),
            "in_distribution": prediction.is_in_distribution,
            "kind": picture.kind,
            "warning": describe_doubt(verdict, picture),
        }

    def predict(self, _run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return uncalibrated probabilities, float32 ``(n, 10)``, like ``InferencePool``."""
        return compute(self._path, images, PREDICT)

    def extract(self, _run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the inputs of the last layer, float32 ``(n, k)``, like ``InferencePool``."""
        return compute(self._path, images, FEATURES)


def read_calibration(run: Run) -> tuple[float, float]:
    """Return a run's temperature and in-distribution threshold: 1 and 0 without calibration.

    Raises:
        RunError: the report can't be read.
    """
    report = run.load_report()
    calibration = {} if report is None else report.calibration
    return (
        float(calibration.get("temperature", 1.0)),
        float(calibration.get("in_distribution_threshold", 0.0)),
    )
