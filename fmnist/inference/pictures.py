"""What a network says about prepared pictures, each asked about in several variants."""

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


class Pool(Protocol):
    """Whoever answers for a run: the inference pool."""

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return probabilities, float32 ``(n, 10)``, of images, uint8 ``(n, 28, 28)``."""

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what the last layer but one says, float32 ``(n, k)``."""


@dataclass(frozen=True)
class Opinion:
    """What a network thinks of one picture.

    Attributes:
        y_proba: float32 ``(10,)``, as true as the run's calibration makes them.
        in_distribution_score: how much the picture looks like any of the classes, 0.3 to 1.
        is_in_distribution: whether that is as much as nearly all garments do.
    """

    y_proba: NDArray[np.float32]
    in_distribution_score: float
    is_in_distribution: bool


def predict_pictures(pool: Pool, run: Run, pictures: Sequence[Prepared]) -> list[Opinion]:
    """Return the network's answer to each picture: the mean over its variants and their mirrors.

    A picture that is an image of the data set's kind has one variant and is asked about as it is.

    Args:
        pool: answers.
        run: whose network; a run without calibration takes every picture for familiar.
        pictures: any number of them; all are asked about at once.
    """
    if not pictures:
        return []
    calibration = _load_calibration(run)
    temperature = float(calibration.get("temperature", 1.0))
    threshold = float(calibration.get("in_distribution_threshold", 0.0))
    views = [_mirror(picture.variants) for picture in pictures]
    y_proba = pool.predict(run, np.concatenate(views))
    ends = np.cumsum([len(view) for view in views])[:-1]
    opinions = []
    for each in np.split(y_proba, ends):
        score = float(compute_in_distribution_score(each))
        combined = apply_temperature(combine_views(each), temperature)
        opinions.append(Opinion(combined, score, score >= threshold))
    return opinions


def _load_calibration(run: Run) -> dict[str, float]:
    try:
        report = run.load_report()
    except RunError:  # a damaged report is told where reports are shown
        return {}
    return {} if report is None else report.calibration


def _mirror(variants: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return variants if len(variants) == 1 else np.concatenate([variants, variants[..., ::-1]])
