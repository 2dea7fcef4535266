"""The pace of a training run, and whether it ran on this machine."""

from __future__ import annotations

import socket

import numpy as np

from fmnist.errors import RunError
from fmnist.runs.run import Run


def was_trained_here(run: Run) -> bool:
    """Return whether a run's worker was started on this machine."""
    try:
        launch = run.load_launch()
    except RunError:
        return False
    return launch is not None and launch.host == socket.gethostname()


def measure_pace(run: Run) -> float | None:
    """Return the images per second of a run, the median of its steps, or None if it has none."""
    try:
        paces = np.asarray(run.load_steps().get("images_per_second", ()))
    except RunError:
        return None
    paces = paces[np.isfinite(paces) & (paces > 0)]
    return float(np.median(paces)) if len(paces) else None
