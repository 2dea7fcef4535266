"""How well a label agrees with the probabilities of networks not trained on it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from fmnist.classes import N_CLASSES

LEARNED_ODDS: Final = "learned_odds"
CONFUSION_ODDS: Final = "confusion_odds"

METHODS: Final[dict[str, str]] = {
    LEARNED_ODDS: "Confusion odds, also by the networks that learned the image",
    CONFUSION_ODDS: "Confusion odds: the label's probability against that of a confusion",
    "self_confidence": "Self-confidence: the probability of the label",
    "normalized_margin": "Normalised margin: that minus the highest of the other classes",
    "confidence_weighted_entropy": "Confidence-weighted entropy: how undecided, by how unlikely",
}
"""Scores, with descriptions: the best at finding planted flips (``docs/results.md``), then
cleanlab's."""

DEFAULT_METHOD: Final = LEARNED_ODDS

OUT_OF_FOLD_METHODS: Final = tuple(method for method in METHODS if method != LEARNED_ODDS)
"""Scores by out-of-fold probabilities alone."""

N_CANDIDATES: Final = 3000
"""Most doubtful training images by confusion odds, of which those who learned them are asked, too:
97% of planted flips are among them."""

_TINY: Final = 1e-200
"""Below any probability, to divide by and take logarithms of."""

_LEARNED_WEIGHT: Final = 0.5
"""Of the networks that learned the image, against the one that did not: they contradict a label
that they were trained on only if it fits badly, but agree with most wrong ones too."""


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
        method: one of ``OUT_OF_FOLD_METHODS``.
    """
    if method == CONFUSION_ODDS:
        return _to_score(_compute_log_odds(labels, y_proba, _count_confusions(labels, y_proba)))
    # Takes 190 MB and seconds to import, so it is loaded only in the process that computes scores.
    from cleanlab.rank import get_label_quality_scores

    scores = get_label_quality_scores(
        np.asarray(labels, np.int64), np.asarray(y_proba, np.float64), method=method
    )
    return np.asarray(scores, np.float32)


def rank_candidates(
    labels: NDArray[Any], y_proba: NDArray[np.floating], n_train: int
) -> NDArray[np.int64]:
    """Return the ``N_CANDIDATES`` most doubtful training images by confusion odds, in order."""
    scores = score_labels(labels, y_proba, CONFUSION_ODDS)[:n_train]
    return np.argsort(scores, kind="stable")[:N_CANDIDATES]


def score_with_learned(
    labels: NDArray[Any],
    y_proba: NDArray[np.floating],
    rows: NDArray[np.int64],
    learned: NDArray[np.floating],
) -> NDArray[np.float32]:
    """Return the confusion odds, of some images with those by the networks that learned them.

    The logarithms of the two odds are averaged, with weights. A network that was trained on a label
    and still contradicts it is stronger evidence than one that was not (Arpit et al., "A closer
    look at memorization in deep networks", ICML 2017: simple patterns are learned first).

    Args:
        labels: integers ``(n,)``, 0 to 9.
        y_proba: float ``(n, 10)``, probabilities of networks that were not trained on the image.
        rows: the images of which those that learned them were asked, ``(k,)``.
        learned: float ``(k, 10)``, mean probabilities of the networks that were.
    """
    confusions = _count_confusions(labels, y_proba)
    log_odds = _compute_log_odds(labels, y_proba, confusions)
    others = _compute_log_odds(labels[rows], learned, confusions)
    log_odds[rows] = (log_odds[rows] + _LEARNED_WEIGHT * others) / (1 + _LEARNED_WEIGHT)
    return _to_score(log_odds)


def _count_confusions(labels: NDArray[Any], y_proba: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return for each label, by row, how often the networks take it for each other class.

    Each row sums to one, or to zero where nothing is confused.
    """
    confusions = np.zeros((N_CLASSES, N_CLASSES))
    np.add.at(confusions, labels, y_proba)
    np.fill_diagonal(confusions, 0)
    return np.asarray(confusions / np.maximum(confusions.sum(axis=1, keepdims=True), _TINY))


def _compute_log_odds(
    labels: NDArray[Any], y_proba: NDArray[np.floating], confusions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the logarithm of the probability of the label divided by that of a confusion.

    A confusion is an image of another class, labelled by someone who confuses the classes as often
    as the networks do. An unlikely label thus counts as more doubtful the more often its class
    is confused with the likely one.
    """
    rows = np.arange(len(labels))
    right = np.asarray(y_proba, np.float64)[rows, labels]
    confused = (y_proba @ confusions)[rows, labels]
    # An impossible label is the most doubtful one even if it is never confused.
    return np.asarray(
        np.log(np.maximum(right, _TINY**1.5)) - np.log(np.maximum(confused, _TINY)), np.float64
    )


def _to_score(log_odds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return odds as a probability: the label's share."""
    return np.asarray(expit(log_odds), np.float32)
