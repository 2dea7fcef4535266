"""The content of ``controller.json`` of a study directory; only the controller writes it."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist.runs import Launch
from fmnist.runs.records import Record


@dataclass(frozen=True, slots=True)
class ControllerStatus(Record):
    """The state of the controller of a sweep, as it last wrote it.

    Attributes:
        process: the process of the controller.
        outcome: ``"finished"`` or ``"failed"`` once it has ended, else None.
        error: why it failed, for a person.
        seconds: how long controllers have worked on the study, pauses not counted.
        heartbeat: seconds since the epoch when this was written.
    """

    process: Launch
    outcome: str | None = None
    error: str | None = None
    seconds: float = 0.0
    heartbeat: float = 0.0
