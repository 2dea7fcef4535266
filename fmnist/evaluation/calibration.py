"""Calibration: temperature, averages over views, and accuracy by coverage."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_LEAST: Final = 1e-6
"""Lower limit of a probability, so that one view cannot overrule all others."""

_TEMPERATURES: Final = (0.25, 8.0)


def combine_views(y_proba: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the normalised geometric mean of the probabilities over the views of a picture.

    A class that one view rules out ends with a low probability, as in a product of experts
    (Hinton 2002); the arithmetic mean would keep it.

    Args:
        y_proba: ``(views, 10)`` or ``(views, n, 10)``.

    Returns:
        float32 ``(10,)`` or ``(n, 10)``.
    """
    return _compute_softmax(np.log(np.maximum(y_proba, _LEAST)).mean(axis=0))


def apply_temperature(y_proba: NDArray[np.floating], temperature: float) -> NDArray[np.float32]:
    """Soften probabilities ``(…, 10)`` by a temperature above 1, sharpen them by one below 1."""
    return _compute_softmax(np.log(np.maximum(y_proba, _LEAST)) / temperature)


def compute_in_distribution_score(y_proba: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the in-distribution score: the sum of the three highest probabilities.

    A network that learned to be undecided about outliers gives every class about the same
    (Hendrycks et al. 2019). Three, because a pullover may well be a coat or a shirt: of what was
    tried on phone photos (highest, two kinds of entropy, of views or of their mean), the mean over
    views of the three highest parted garments from hats, shorts and skirts best.

    Args:
        y_proba: ``(views, 10)`` or ``(views, n, 10)``.

    Returns:
        float32, 0.3 to 1, ``()`` or ``(n,)``.
    """
    return np.asarray(np.sort(y_proba, axis=-1)[..., -3:].sum(axis=-1).mean(axis=0), np.float32)


def fit_temperature(y_true: NDArray[np.integer], y_proba: NDArray[np.floating]) -> float:
    """Return the temperature, 0.25 to 8, that minimises the log loss (Guo et al. 2017).

    Args:
        y_true: ``(n,)``.
        y_proba: ``(n, 10)``, of images that were not trained on.
    """
    from scipy.optimize import minimize_scalar  # pages that only apply a temperature need none

    rows = np.arange(len(y_true))

    def compute_loss(logarithm: float) -> float:
        chosen = apply_temperature(y_proba, float(np.exp(logarithm)))[rows, y_true]
        return float(-np.log(np.maximum(chosen, _LEAST)).mean())

    found = minimize_scalar(compute_loss, bounds=np.log(_TEMPERATURES), method="bounded")
    return float(np.exp(found.x))


def compute_coverage(
    is_right: NDArray[np.bool_], confidence: NDArray[np.floating], points: int = 20
) -> list[tuple[float, float]]:
    """Return the accuracy of the most confident answers, at rising coverage.

    Args:
        is_right: ``(n,)``.
        confidence: ``(n,)``; any score that ranks the answers.
        points: number of pairs.

    Returns:
        Pairs of coverage (share of the answers, rising to 1) and their accuracy, both 0 to 1.
    """
    order = np.argsort(-confidence, kind="stable")
    mean = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    ends = np.unique(np.ceil(np.linspace(1 / points, 1, points) * len(order)).astype(int))
    return [(float(end / len(order)), float(mean[end - 1])) for end in ends]


def _compute_softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the softmax over the last axis, as SciPy does, whose import takes 0.3 s."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
