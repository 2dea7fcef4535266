"""What answers to pictures from outside are worth, measured on disguised validation images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.evaluation.calibration import (
    apply_temperature,
    combine_views,
    compute_coverage,
    compute_in_distribution_score,
    fit_temperature,
)
from fmnist.training.domain_augmentation import OUTLIER, augment_batch
from fmnist.training.scoring import predict_probabilities

_SEED: Final = 1905
"""Of the disguises: the same for every run, so that runs compare."""

_STRANGE_SHARE: Final = 0.02
"""Of the disguised garments, those that look least like one, that may be called strange."""


def calibrate(
    network: keras.Model,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    check_stop: Callable[[], None],
) -> dict[str, Any]:
    """Measure a network on disguised images.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0–255.
        images: uint8 ``(n, 28, 28)``, never trained on.
        labels: uint8 ``(n,)``.
        check_stop: called now and then; may raise.

    Returns:
        ``temperature`` that makes its probabilities true there; ``in_distribution_threshold``: the
        in-distribution score that all but one in fifty garments reach;
        ``outliers_detected``: the share of outliers below it; ``accuracy``; ``coverage``: pairs
        of the share answered and accuracy.
    """
    rng = np.random.default_rng(_SEED)
    disguised, told = augment_batch(images, labels, rng)
    views = np.stack(
        [
            predict_probabilities(network, view, check_stop)
            for view in (disguised, disguised[:, :, ::-1])
        ]
    )
    is_garment = told != OUTLIER
    y_proba, y_true = combine_views(views)[is_garment], told[is_garment]
    temperature = fit_temperature(y_true, y_proba)
    scores = compute_in_distribution_score(views)
    threshold = float(np.quantile(scores[is_garment], _STRANGE_SHARE))
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
