"""Which state a run is in: one pure function of its files, its process and its silence."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from fmnist.runs.status import Status

LOST_AFTER_SECONDS: Final = 30.0
"""A worker on another machine, whose process can't be asked for, is lost after this silence."""


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"


class Listener:
    """How long workers on other machines have been silent.

    Measured by this process's own steady clock, from the moment a heartbeat was first seen here:
    what the clocks on the wall say, here or there, proves nothing when one of them is set.
    """

    def __init__(self) -> None:
        self._heard: dict[str, tuple[object, float]] = {}

    def compute_silence(self, name: str, heartbeat: object, now: float) -> float:
        """Return the seconds since this heartbeat was first seen here, 0 if it is news.

        Args:
            name: whose heartbeat it is.
            heartbeat: any value that is another one after each sign of life.
            now: seconds of a clock that never goes back (``time.monotonic``).
        """
        before = self._heard.get(name)
        if before is None or before[0] != heartbeat:
            self._heard[name] = (heartbeat, now)
            return 0.0
        return now - before[1]


ACTIVE_STATES: Final = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.STOPPING})
"""States in which something will still happen by itself."""


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
        status: what the worker last said, if it said anything since it was started.
        process_alive: whether that very process (pid and start time) lives; None when the
            run belongs to another machine and only its silence can tell.
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
    # A worker that was told to stop while it was still importing never wrote a status.
    return RunState.STOPPED if has_stop and status is None else RunState.LOST
