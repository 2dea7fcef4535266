"""Ten probabilities become an answer in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from fmnist.classes import CLASS_NAMES
from fmnist.images import Prepared
from fmnist.inference.pictures import Prediction

UNSURE_MARGIN: Final = 0.25
"""If the two most likely classes are closer than this, the answer names both."""

UNSURE_TOP: Final = 0.5
"""If the most likely class is below this, the other nine together are more likely."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer in words.

    Attributes:
        label: the most likely class, 0–9; None if the picture shows nothing, or a garment that was
            cut out too poorly.
        probability: its probability; 0 without a label.
        is_sure: whether to show the answer as a definite one.
        is_outlier: whether the picture resembles none of the ten classes.
        sentence: the answer.
    """

    label: int | None
    probability: float
    is_sure: bool
    is_outlier: bool
    sentence: str


def decide_verdict(prediction: Prediction, picture: Prepared) -> Verdict:
    """Turn a network's probabilities for a prepared picture into words.

    The answer is definite if the picture resembles the ten classes, the most likely class is
    well ahead of the second, and the pipeline knew what to prepare.
    """
    if not picture.image.any():
        blank = "There is no garment to see, so there is no answer."
        return Verdict(None, 0.0, is_sure=False, is_outlier=True, sentence=blank)
    if picture.refusal is not None:
        return Verdict(None, 0.0, is_sure=False, is_outlier=False, sentence=picture.refusal)
    second, first = (int(label) for label in np.argsort(prediction.y_proba)[-2:])
    top, runner_up = float(prediction.y_proba[first]), float(prediction.y_proba[second])
    name = CLASS_NAMES[first]
    if not prediction.is_in_distribution:
        sentence = (
            f"This does not look like one of the ten classes; the closest is {name} ({top:.0%})."
        )
        return Verdict(first, top, is_sure=False, is_outlier=True, sentence=sentence)
    if top < UNSURE_TOP or top - runner_up < UNSURE_MARGIN:
        sentence = f"Unsure: {name} ({top:.0%}) or {CLASS_NAMES[second]} ({runner_up:.0%})."
        return Verdict(first, top, is_sure=False, is_outlier=False, sentence=sentence)
    if picture.is_uncertain:
        sentence = f"Unsure: perhaps {name} ({top:.0%})."
        return Verdict(first, top, is_sure=False, is_outlier=False, sentence=sentence)
    return Verdict(first, top, is_sure=True, is_outlier=False, sentence=f"{name} ({top:.0%}).")


def describe_doubt(verdict: Verdict, picture: Prepared) -> str | None:
    """Return why an answer may be wrong, or None if nothing is known."""
    return picture.warning or (None if verdict.is_sure else verdict.sentence)
