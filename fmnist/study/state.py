"""Which state a study is in: pure functions of its files, its processes and its runs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from fmnist.runs import ACTIVE_STATES, RunState


class StudyState(StrEnum):
    """Where a study stands."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


ACTIVE_STUDY_STATES: Final = frozenset(
    {StudyState.STARTING, StudyState.RUNNING, StudyState.STOPPING}
)
"""States in which something will still happen by itself."""


def decide_sweep_state(*, outcome: str | None, has_stop: bool, alive: bool) -> StudyState:
    """Return the state of a sweep.

    Args:
        outcome: ``"finished"`` or ``"failed"`` once its controller said so, else None.
        has_stop: somebody asked it to stop.
        alive: its controller lives. A study that is neither over nor asked to stop and has none
            is starting: whoever looks at it starts one.
    """
    if outcome is not None:
        return StudyState(outcome)
    if has_stop:
        return StudyState.STOPPING if alive else StudyState.STOPPED
    return StudyState.RUNNING if alive else StudyState.STARTING


def decide_repeat_state(runs: Sequence[RunState], *, queued: bool, has_stop: bool) -> StudyState:
    """Return the state of a repeat.

    Args:
        runs: the states of its runs that are there; one may have been deleted.
        queued: all its runs were queued; before, whoever looks at it queues the rest.
        has_stop: somebody asked it to stop.
    """
    if any(state in ACTIVE_STATES for state in runs):
        return StudyState.STOPPING if has_stop else StudyState.RUNNING
    if not queued:
        return StudyState.STOPPED if has_stop else StudyState.STARTING
    if runs and all(state is RunState.FINISHED for state in runs):
        return StudyState.FINISHED
    if any(state in {RunState.FAILED, RunState.LOST} for state in runs):
        return StudyState.FAILED
    return StudyState.STOPPED
