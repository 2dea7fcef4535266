"""How well a label agrees with the probabilities of networks not trained on it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

METHODS: Final[dict[str, str]] = {
    "self_confidence": "Self-confidence: the probability of the label",
    "normalized_margin": "Normalised margin: that minus the highest of the other classes",
    "confidence_weighted_entropy": "Confidence-weighted entropy: how undecided, by how unlikely",
}
"""cleanlab's label-quality scores, with descriptions."""


def score_labels(
    labels: NDArray[Any], y_proba: NDArray[np.floating], method: str
) -> NDArray[np.float32]:
    """Return the quality of each label, 0 to 1; lower is more suspicious.

    The score only ranks; it isn't the probability that the label is wrong. Source: Northcutt, Jiang
    & Chuang, "Confident Learning", JAIR 70 (2021); Kuan & Mueller, "Model-agnostic label quality
    scoring", ICML DataPerf workshop 2022.

    Args:
        labels: integers ``(n,)``, 0 to 9.
        y_proba: float ``(n, 10)``, probabilities of networks that were not trained on the image.
        method: a key of ``METHODS``.
    """
    # Takes 190 MB and seconds to import, so it is loaded only in the process that computes scores.
    from cleanlab.rank import get_label_quality_scores

    scores = get_label_quality_scores(
        np.asarray(labels, np.int64), np.asarray(y_proba, np.float64), method=method
    )
    return np.asarray(scores, np.float32)
