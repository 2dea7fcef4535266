"""The learning-rate schedules in NumPy, without Keras."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RecipeError
from fmnist.runs.settings_spec import SETTINGS

WARMUP_PART: Final = 20
"""The warm-up takes the first 1/20 of the steps and starts at 1/20 of the highest rate."""

COSINE_END: Final = 0.005
"""The cosine schedule ends at this share of the highest rate."""


def compute_rates(
    schedule: str, learning_rate: float, epochs: int, batches: int
) -> NDArray[np.float64]:
    """Return the learning rate of every step.

    Equal to what the training does (Keras' ``CosineDecay`` with a warm-up); a test compares them
    step by step.

    Args:
        schedule: one of the choices of the setting ``schedule``.
        learning_rate: the highest rate.
        epochs: passes over the training images.
        batches: steps per epoch.

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
    choices = ", ".join(SETTINGS["schedule"].choices)
    raise RecipeError(f"There is no schedule named {schedule!r}. Choose one of: {choices}.")
