"""How the learning rate runs over a training, in numbers, without Keras."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RecipeError

WARMUP_PART: Final = 20
"""A cosine schedule climbs to its rate over one step in so many, from that rate over as much."""

COSINE_END: Final = 0.005
"""Where it ends, as part of that rate."""


def compute_rates(
    schedule: str, learning_rate: float, epochs: int, batches: int
) -> NDArray[np.float64]:
    """Return the learning rate of every step.

    It is what the training itself does (Keras' ``CosineDecay`` with a warm-up), which a test
    compares step by step.

    Args:
        schedule: one of ``fmnist.runs.SCHEDULES``.
        learning_rate: the highest rate.
        epochs: passes over the training images.
        batches: steps in an epoch.

    Returns:
        float64 ``(epochs * batches,)``.

    Raises:
        RecipeError: there is no such schedule.
    """
    steps = epochs * batches
    step = np.arange(steps, dtype=np.float64)
    if schedule == "constant":
        return np.full(steps, learning_rate)
    if schedule == "cosine":
        warmup = max(1, steps // WARMUP_PART)
        climb = 1 / WARMUP_PART + (1 - 1 / WARMUP_PART) * step / warmup
        done = (step - warmup) / max(1, steps - warmup)
        fall = COSINE_END + (1 - COSINE_END) * 0.5 * (1 + np.cos(np.pi * done))
        return learning_rate * np.where(step < warmup, climb, fall)
    raise RecipeError(f"There is no schedule named {schedule!r}. Take one of constant, cosine.")
