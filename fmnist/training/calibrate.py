"""Fits the temperature and in-distribution threshold for outside pictures on augmented images."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import OUTLIER
from fmnist.evaluation.calibration import (
    apply_temperature,
    combine_views,
    compute_coverage,
    compute_in_distribution_score,
    fit_temperature,
)
from fmnist.runs.fields import Calibration
from fmnist.training.estimate import Work
from fmnist.training.scoring import predict_probabilities
from fmnist.training.trained import Model

_SEED: Final = 1905
"""Seed of the domain augmentation: the same for every run, so that runs are comparable."""

_REJECTED_SHARE: Final = 0.028
"""Fraction of the augmented garments that may fall below the in-distribution threshold.

As many as leave at most a tenth of the development set's phone photos flagged
(``docs/results.md``).
"""


def calibrate(
    network: Model,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    report: Callable[[Work, int], None],
) -> Calibration:
    """Measure a network on validation images with domain augmentation, an eighth of them outliers.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0–255.
        images: uint8 ``(n, 28, 28)``, not used in training.
        labels: uint8 ``(n,)``.
        report: called with the amount of work done since its last call; may raise an error to end
            the calibration.

    Returns:
        ``temperature`` that calibrates its probabilities on these images;
        ``in_distribution_threshold``: the in-distribution score reached by all but 2.8% of the
        garments; ``outliers_detected``: fraction of the outliers below it, 0 to 1; ``accuracy``;
        ``coverage``: pairs of coverage and accuracy. Empty if OpenCV, which the augmentation needs,
        is not installed.
    """
    try:
        from fmnist.training.domain_augmentation import augment_batch
    except ModuleNotFoundError as error:
        print(f"Not calibrated for pictures from outside: {error}.", flush=True)
        return Calibration()
    rng = np.random.default_rng(_SEED)
    augmented, augmented_labels = augment_batch(
        images, labels, rng, report=partial(report, Work.AUGMENTATION)
    )
    views = np.stack(
        [
            predict_probabilities(network, view, partial(report, Work.PREDICTION))
            for view in (augmented, augmented[:, :, ::-1])
        ]
    )
    is_garment = augmented_labels != OUTLIER
    y_proba, y_true = combine_views(views)[is_garment], augmented_labels[is_garment]
    temperature = fit_temperature(y_true, y_proba)
    scores = compute_in_distribution_score(views)
    threshold = float(np.quantile(scores[is_garment], _REJECTED_SHARE))
    confidence = apply_temperature(y_proba, temperature).max(axis=1)
    is_right = y_proba.argmax(axis=1) == y_true
    return {
        "temperature": temperature,
        "in_distribution_threshold": threshold,
        "outliers_detected": float((scores[~is_garment] < threshold).sum())
        / max(1, int((~is_garment).sum())),
        "accuracy": float(is_right.mean()),
        "coverage": compute_coverage(is_right, confidence),
    }
