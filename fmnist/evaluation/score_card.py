"""A run's test accuracy beside published results, and without leaked test images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fmnist.evaluation.metrics import Summary, compute_summary


@dataclass(frozen=True, slots=True)
class Published:
    """A published test accuracy on Fashion-MNIST.

    Attributes:
        name: the person or network that was tested.
        accuracy: the test accuracy, 0 to 1.
        source: the publisher of the result.
        caveat: what the reader should know before comparing.
    """

    name: str
    accuracy: float
    source: str
    caveat: str


HUMAN: Final = Published(
    "People",
    0.835,
    "Zalando",
    "People without fashion expertise, on 1,000 test images: 95% interval ±2.3 points.",
)

_HYSTS: Final = (
    "hysts",
    "All 60,000 images trained on, the last epoch kept.",
)
_LISTED: Final = (
    "Zalando's list",
    "As submitted, not checked; some on the release of August 2017, which leaked test images, and "
    "some with the best epoch chosen by the test set.",
)

PUBLISHED: Final = (
    HUMAN,
    Published("Plain convolutional networks, at most", 0.943, *_HYSTS),
    Published("Pre-activation ResNet-20", 0.955, *_HYSTS),
    Published("Pre-activation ResNet-50", 0.956, *_HYSTS),
    Published("Pre-activation ResNet", 0.959, *_HYSTS),
    Published("Shake-shake", 0.964, *_HYSTS),
    Published("MLP 256-128-64", 0.900, *_LISTED),
    Published("HOG and SVM", 0.926, *_LISTED),
    Published("VGG16", 0.935, *_LISTED),
    Published("GoogleNet", 0.937, *_LISTED),
    Published("ResNet18", 0.949, *_LISTED),
    Published("MobileNet", 0.950, *_LISTED),
    Published("DenseNet-BC", 0.954, *_LISTED),
    Published("WRN-28-10", 0.959, *_LISTED),
    Published("WRN-28-10 with random erasing", 0.963, *_LISTED),
    Published("WRN-40-4", 0.967, *_LISTED),
)
"""From ``docs/results.md``, sections *Anchors* and *In Zalando's table*, which link the sources."""


@dataclass(frozen=True)
class ScoreCard:
    """A run's test accuracy, and what it is worth.

    Attributes:
        all: the metrics of all test images.
        without_copies: the metrics of the test images without a near copy in the training set;
            None if it is unknown which have one.
        n_copies: number of test images with a near copy; 0 if unknown.
        below: published results whose accuracy lies below the run's 95 % interval.
        within: published results inside it, which the test can't distinguish from the run.
        above: published results above it.
    """

    all: Summary
    without_copies: Summary | None
    n_copies: int
    below: tuple[Published, ...]
    within: tuple[Published, ...]
    above: tuple[Published, ...]


def compute_score_card(
    y_true: npt.NDArray[Any],
    y_proba: npt.NDArray[np.floating],
    copies: npt.NDArray[np.int64] | None,
) -> ScoreCard:
    """Compute a run's score card.

    Args:
        y_true: integers (n,), labels of the test images.
        y_proba: float (n, 10), probabilities.
        copies: rows of the test images with a near copy in the training set; None if unknown.

    Raises:
        RunError: there are no items, or the arrays do not match.
    """
    summary = compute_summary(y_true, y_proba)
    low, high = summary.accuracy_low, summary.accuracy_high
    without = None
    if copies is not None and len(copies) < len(y_true):
        kept = np.setdiff1d(np.arange(len(y_true)), copies)
        without = compute_summary(y_true[kept], y_proba[kept])
    return ScoreCard(
        all=summary,
        without_copies=without,
        n_copies=0 if copies is None else len(np.unique(copies)),
        below=tuple(one for one in PUBLISHED if one.accuracy < low),
        within=tuple(one for one in PUBLISHED if low <= one.accuracy <= high),
        above=tuple(one for one in PUBLISHED if one.accuracy > high),
    )
