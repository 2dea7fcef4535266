"""What to tell a person about ten probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES

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
        sentence: what to tell.
    """

    label: int | None
    probability: float
    is_sure: bool
    sentence: str


def decide_verdict(y_proba: NDArray[np.float32], image: NDArray[np.uint8]) -> Verdict:
    """Turn probabilities ``(10,)`` of an image, uint8 ``(28, 28)``, into words."""
    if not image.any():
        return Verdict(None, 0.0, False, "There is no garment to see, so there is nothing to say.")
    second, first = (int(label) for label in np.argsort(y_proba)[-2:])
    top, runner_up = float(y_proba[first]), float(y_proba[second])
    if top < UNSURE_TOP or top - runner_up < UNSURE_MARGIN:
        return Verdict(
            first,
            top,
            False,
            f"Unsure: perhaps {CLASS_NAMES[first]} ({top:.0%}), "
            f"perhaps {CLASS_NAMES[second]} ({runner_up:.0%}).",
        )
    return Verdict(first, top, True, f"{CLASS_NAMES[first]} ({top:.0%}).")
