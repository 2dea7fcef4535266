"""The progress of a run, in words, for the command line and the pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from fmnist.runs.state import RunState
from fmnist.runs.status import Phase, Status

EPOCH_PHASES: Final = frozenset({Phase.TRAINING, Phase.VALIDATING})
"""The phases that alternate until the last epoch is done."""

STAGES: Final = {
    "Start": (Phase.STARTING,),
    "Data": (Phase.LOADING,),
    "Precision": (Phase.BUILDING, Phase.MEASURING),
    "Training": (Phase.TRAINING, Phase.FITTING, Phase.VALIDATING),
    "Testing": (Phase.PREDICTING_VALIDATION, Phase.PREDICTING_TEST),
    "Calibration": (Phase.CALIBRATING, Phase.CONVERTING),
}
"""The phases of a run in order, grouped under one name where they belong together."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One entry of ``STAGES`` in the course of a run.

    Attributes:
        name: its key.
        seconds: the time spent in it so far, by the worker that was started last.
        is_at: ``done``, ``now``, ``ended`` if the run ended early in it, or ``ahead``.
    """

    name: str
    seconds: float
    is_at: Literal["done", "now", "ended", "ahead"]


def list_stages(status: Status | None, state: RunState) -> list[Stage]:
    """Return how far a run has come, one entry for each of ``STAGES``.

    Args:
        status: the status that its worker reports; None before the first report.
        state: the state of the run.
    """
    spent = {} if status is None else status.phase_seconds
    seconds = [sum(spent.get(phase, 0.0) for phase in phases) for phases in STAGES.values()]
    reached = max((i for i, value in enumerate(seconds) if value), default=0)
    if status is not None and state in {RunState.RUNNING, RunState.STOPPING}:
        phases = [status.phase in phases for phases in STAGES.values()]
        reached = phases.index(True) if True in phases else reached
    is_over = state is RunState.FINISHED
    here: Literal["now", "ended", "ahead"] = "ended"
    if state is RunState.QUEUED:
        here = "ahead"
    elif state in {RunState.RUNNING, RunState.STOPPING}:
        here = "now"
    return [
        Stage(name, value, "done" if is_over or i < reached else here if i == reached else "ahead")
        for i, (name, value) in enumerate(zip(STAGES, seconds, strict=True))
    ]


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
