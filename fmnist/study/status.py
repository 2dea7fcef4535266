"""The content of ``controller.json`` of a study directory; only the controller writes it."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist.runs import Launch
from fmnist.runs.records import Record


@dataclass(frozen=True, slots=True)
class ControllerStatus(Record):
    """The latest state written by the controller of a sweep.

    Attributes:
        process: the process of the controller.
        outcome: ``"finished"`` or ``"failed"`` once it has ended, otherwise None.
        error: why it failed, in a sentence.
        seconds: total working time of the study's controllers, excluding pauses.
        heartbeat: time of writing, in seconds since the epoch.
    """

    process: Launch
    outcome: str | None = None
    error: str | None = None
    seconds: float = 0.0
    heartbeat: float = 0.0
