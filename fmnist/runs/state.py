"""The state of a run, computed from its files, its process and the age of its heartbeat."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from fmnist.runs.status import Status

LOST_AFTER_SECONDS: Final = 30.0
"""A worker on another machine, whose process can't be looked up, is lost after this silence."""


class RunState(StrEnum):
    """The state of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"
    DAMAGED = "damaged"
    """A file that decides the state can't be read."""


class Listener:
    """Measures how long processes on other machines have been silent.

    Silence is measured with this process's monotonic clock, from the moment a heartbeat was first
    seen here. The wall clocks of two machines may differ, and either may be set.
    """

    def __init__(self) -> None:
        self._heard: dict[str, tuple[object, float]] = {}

    def compute_silence(self, name: str, heartbeat: object, now: float) -> float:
        """Return the seconds since this heartbeat was first seen here, 0 if it is new.

        Args:
            name: identifies the process.
            heartbeat: any value that changes with each sign of life.
            now: seconds of a clock that never goes back (``time.monotonic``).
        """
        before = self._heard.get(name)
        if before is None or before[0] != heartbeat:
            self._heard[name] = (heartbeat, now)
            return 0.0
        return now - before[1]


ACTIVE_STATES: Final = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.STOPPING})
"""States in which a run will still change without anyone's action."""


def decide_state(
    *,
    has_report: bool,
    has_stop: bool,
    launched: bool,
    status: Status | None,
    process_alive: bool | None,
    silence: float = 0.0,
) -> RunState:
    """Return the state of a run.

    Args:
        has_report: ``report.json`` is there; it is written last, so nothing else counts then.
        has_stop: ``stop`` is there.
        launched: ``launch.json`` is there: a worker process was started.
        status: last written by the worker, None if it has not written any since it was started.
        process_alive: whether that process (pid and start time) lives; None if it runs on another
            machine, where only its silence can be measured.
        silence: seconds since the last new sign of life, as ``Listener`` measures them.
    """
    if has_report:
        return RunState.FINISHED
    if not launched:
        return RunState.STOPPED if has_stop else RunState.QUEUED
    if status is not None and status.state in {RunState.STOPPED, RunState.FAILED}:
        return RunState(status.state)
    if process_alive is None:
        process_alive = silence < LOST_AFTER_SECONDS
    if process_alive:
        return RunState.STOPPING if has_stop else RunState.RUNNING
    # A worker that was stopped while it was still importing never wrote a status.
    return RunState.STOPPED if has_stop and status is None else RunState.LOST
