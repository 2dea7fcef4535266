"""What to tell a person about ten probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.inference.pictures import Opinion

UNSURE_MARGIN: Final = 0.25
"""The two likeliest classes closer than this: the network is unsure between them."""

UNSURE_TOP: Final = 0.5
"""The likeliest class below this: more speaks against it than for it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer in words.

    Attributes:
        label: the likeliest class, 0–9, or None where there was nothing to see.
        probability: its probability.
        is_sure: whether the answer deserves to be shown as one.
        is_strange: whether the picture does not look like any of the ten.
        sentence: what to tell.
    """

    label: int | None
    probability: float
    is_sure: bool
    is_strange: bool
    sentence: str


def decide_verdict(opinion: Opinion, image: NDArray[np.uint8]) -> Verdict:
    """Turn what a network thinks of an image, uint8 ``(28, 28)``, into words."""
    if not image.any():
        blank = "There is no garment to see, so there is nothing to say."
        return Verdict(None, 0.0, is_sure=False, is_strange=True, sentence=blank)
    second, first = (int(label) for label in np.argsort(opinion.y_proba)[-2:])
    top, runner_up = float(opinion.y_proba[first]), float(opinion.y_proba[second])
    name = CLASS_NAMES[first]
    if not opinion.is_in_distribution:
        sentence = f"This does not look like one of the ten. If it is, then {name} ({top:.0%})."
        return Verdict(first, top, is_sure=False, is_strange=True, sentence=sentence)
    is_sure = top >= UNSURE_TOP and top - runner_up >= UNSURE_MARGIN
    sentence = f"{name} ({top:.0%})."
    if not is_sure:
        other = CLASS_NAMES[second]
        sentence = f"Unsure: perhaps {name} ({top:.0%}), perhaps {other} ({runner_up:.0%})."
    return Verdict(first, top, is_sure=is_sure, is_strange=False, sentence=sentence)
