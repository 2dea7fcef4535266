"""How well a label agrees with the probabilities of networks not trained on it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES

CONFUSION_ODDS: Final = "confusion_odds"

METHODS: Final[dict[str, str]] = {
    CONFUSION_ODDS: "Confusion odds: the label's probability against that of a confusion",
    "self_confidence": "Self-confidence: the probability of the label",
    "normalized_margin": "Normalised margin: that minus the highest of the other classes",
    "confidence_weighted_entropy": "Confidence-weighted entropy: how undecided, by how unlikely",
}
"""Scores, with descriptions: the best at finding planted flips (``docs/results.md``), then
cleanlab's."""

DEFAULT_METHOD: Final = CONFUSION_ODDS


def score_labels(
    labels: NDArray[Any], y_proba: NDArray[np.floating], method: str
) -> NDArray[np.float32]:
    """Return the quality of each label, 0 to 1; lower is more suspicious.

    The score only ranks; it isn't the probability that the label is wrong. Source: Northcutt, Jiang
    & Chuang, "Confident Learning", JAIR 70 (2021); Kuan & Mueller, "Model-agnostic label quality
    scoring", ICML DataPerf workshop 2022; for the confusion odds, the transition matrix of Patrini
    et al., "Making deep neural networks robust to label noise", CVPR 2017.

    Args:
        labels: integers ``(n,)``, 0 to 9.
        y_proba: float ``(n, 10)``, probabilities of networks that were not trained on the image.
        method: a key of ``METHODS``.
    """
    if method == CONFUSION_ODDS:
        return _compute_confusion_odds(labels, y_proba)
    # Takes 190 MB and seconds to import, so it is loaded only in the process that computes scores.
    from cleanlab.rank import get_label_quality_scores

    scores = get_label_quality_scores(
        np.asarray(labels, np.int64), np.asarray(y_proba, np.float64), method=method
    )
    return np.asarray(scores, np.float32)


def _compute_confusion_odds(
    labels: NDArray[Any], y_proba: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return the probability of the label divided by its sum with that of a confusion.

    A confusion is an image of another class, labelled by someone who confuses the classes as often
    as the networks do. An unlikely label thus counts as more doubtful the more often its class
    is confused with the likely one.
    """
    rows = np.arange(len(labels))
    transition = np.zeros((N_CLASSES, N_CLASSES))  # from the row's class to another
    np.add.at(transition, labels, y_proba)
    np.fill_diagonal(transition, 0)
    tiny = np.finfo(np.float64).tiny
    transition /= np.maximum(transition.sum(axis=1, keepdims=True), tiny)
    right = np.asarray(y_proba, np.float64)[rows, labels]
    confused = (y_proba @ transition)[rows, labels]
    return np.asarray(right / np.maximum(right + confused, tiny), np.float32)
