"""A network's probabilities for prepared pictures, each averaged over several variants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RunError
from fmnist.evaluation.calibration import (
    apply_temperature,
    combine_views,
    compute_in_distribution_score,
)
from fmnist.images import Prepared
from fmnist.runs import Run
from fmnist.runs.fields import Calibration


class Pool(Protocol):
    """Runs a run's network: the inference pool, or a test's stand-in."""

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return probabilities, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the features that enter the last layer, float32 ``(n, k)``."""


@dataclass(frozen=True)
class Prediction:
    """A network's prediction for one picture.

    Attributes:
        y_proba: float32 ``(10,)``, calibrated probabilities.
        in_distribution_score: 0.3 to 1; see ``compute_in_distribution_score``.
        is_in_distribution: whether the score reaches the run's threshold, as garments do.
    """

    y_proba: NDArray[np.float32]
    in_distribution_score: float
    is_in_distribution: bool


def predict_pictures(pool: Pool, run: Run, pictures: Sequence[Prepared]) -> list[Prediction]:
    """Return the network's answer to each picture: the mean over its variants and their mirrors.

    A native picture (``Prepared.is_native``) has one variant and is not mirrored.

    Args:
        pool: runs the network.
        run: the run whose network predicts; without a calibration, every picture counts as in
            distribution.
        pictures: any number of them; all go through the network in one batch.
    """
    if not pictures:
        return []
    calibration = _load_calibration(run)
    temperature = float(calibration.get("temperature", 1.0))
    threshold = float(calibration.get("in_distribution_threshold", 0.0))
    views = [_mirror(picture.variants) for picture in pictures]
    y_proba = pool.predict(run, np.concatenate(views))
    ends = np.cumsum([len(view) for view in views])[:-1]
    predictions = []
    for each in np.split(y_proba, ends):
        score = float(compute_in_distribution_score(each))
        combined = apply_temperature(combine_views(each), temperature)
        predictions.append(Prediction(combined, score, score >= threshold))
    return predictions


def _load_calibration(run: Run) -> Calibration:
    try:
        report = run.load_report()
    except RunError:  # pages that show reports say that it is damaged
        return {}
    return {} if report is None else report.calibration


def _mirror(variants: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return variants if len(variants) == 1 else np.concatenate([variants, variants[..., ::-1]])
