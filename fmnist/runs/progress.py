"""Where a run stands, in words, for the command line and the pages."""

from __future__ import annotations

import math
from typing import Final

from fmnist.runs.status import Phase, Status

EPOCH_PHASES: Final = frozenset({Phase.TRAINING, Phase.VALIDATING})
"""The phases that alternate until the last epoch is done."""


def format_seconds(seconds: float) -> str:
    """Return a rounded estimate of a duration: ``20 s``, ``3 min``, ``1.6 h``."""
    if seconds < 90:
        return f"{max(10, math.ceil(seconds / 10) * 10)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def describe_phase(status: Status) -> str:
    """Return the phase and, where it belongs to one, the epoch: ``Training, epoch 3 of 40``."""
    if status.phase not in EPOCH_PHASES or not status.epochs:
        return status.phase
    return f"{status.phase}, epoch {min(status.epoch + 1, status.epochs)} of {status.epochs}"


def describe_progress(status: Status) -> str:
    """Return phase, epoch, pace and time left: ``Training, epoch 3 of 40, …, about 2 min left``."""
    words = [describe_phase(status)]
    if status.detail:
        words.append(status.detail)
    if status.phase in EPOCH_PHASES and status.images_per_second:
        words.append(f"{status.images_per_second:,.0f} images/s")
    if status.seconds_left is not None:
        words.append(f"about {format_seconds(status.seconds_left)} left")
    return ", ".join(words)
