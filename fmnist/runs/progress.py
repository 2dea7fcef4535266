"""Where a run stands, in words, for the command line and the pages."""

from __future__ import annotations

import math

from fmnist.runs.status import Status


def format_seconds(seconds: float) -> str:
    """Return a rounded estimate of a duration: ``20 s``, ``3 min``, ``1.6 h``."""
    if seconds < 90:
        return f"{max(10, math.ceil(seconds / 10) * 10)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def describe_progress(status: Status) -> str:
    """Return phase, epoch, pace and time left: ``training, epoch 3 of 40, …, about 2 min left``.

    Epoch and pace are left out of phases that are not divided into batches, and before the first.
    """
    words = [status.phase, *([status.detail] if status.detail else [])]
    if status.phase.lower() in {"training", "validating"} and status.epochs:
        words.append(f"epoch {min(status.epoch + 1, status.epochs)} of {status.epochs}")
        if status.images_per_second:
            words.append(f"{status.images_per_second:,.0f} images/s")
    if status.seconds_left is not None:
        words.append(f"about {format_seconds(status.seconds_left)} left")
    return ", ".join(words)
