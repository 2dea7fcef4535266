"""What the controller of a sweep says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from fmnist.errors import RunError
from fmnist.runs import Launch
from fmnist.runs.files import load_json


@dataclass(frozen=True, slots=True)
class ControllerStatus:
    """What the controller of a sweep last said.

    Attributes:
        process: which process it is.
        outcome: ``"finished"`` or ``"failed"`` once it is over, else None.
        error: in words, when it failed.
        seconds: how long controllers have been at work on the study, pauses not counted.
        heartbeat: seconds since the epoch when this was written.
    """

    process: Launch
    outcome: str | None = None
    error: str | None = None
    seconds: float = 0.0
    heartbeat: float = 0.0

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Read the record, or None where there is none that can be read.

        A damaged one is no loss: the next controller finds out from the journal where it is.
        """
        try:
            values = load_json(path)
            if values is None:
                return None
            return cls(**{**values, "process": Launch.from_dict(values["process"])})
        except (RunError, TypeError, KeyError, AttributeError):
            return None
