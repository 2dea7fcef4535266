"""The state of a study, computed from its files, its processes and its runs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from fmnist.runs import ACTIVE_STATES, RunState


class StudyState(StrEnum):
    """The state of a study."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


ACTIVE_STUDY_STATES: Final = frozenset(
    {StudyState.STARTING, StudyState.RUNNING, StudyState.STOPPING}
)
"""States in which a study may still change by itself."""


def decide_sweep_state(*, outcome: str | None, has_stop: bool, alive: bool) -> StudyState:
    """Return the state of a sweep.

    Args:
        outcome: ``"finished"`` or ``"failed"`` once its controller has recorded it, otherwise None.
        has_stop: whether a stop was requested.
        alive: whether its controller is running. A study without one that has neither ended nor
            received a stop request is starting: the next ``ensure_study`` starts a controller.
    """
    if outcome is not None:
        return StudyState(outcome)
    if has_stop:
        return StudyState.STOPPING if alive else StudyState.STOPPED
    return StudyState.RUNNING if alive else StudyState.STARTING


def decide_repeat_state(runs: Sequence[RunState], *, queued: bool, has_stop: bool) -> StudyState:
    """Return the state of a repeat.

    Args:
        runs: the states of its runs, without deleted ones.
        queued: whether all its runs were queued; until then, ``ensure_study`` queues the rest.
        has_stop: a stop was requested.
    """
    if any(state in ACTIVE_STATES for state in runs):
        return StudyState.STOPPING if has_stop else StudyState.RUNNING
    if not queued:
        return StudyState.STOPPED if has_stop else StudyState.STARTING
    if runs and all(state is RunState.FINISHED for state in runs):
        return StudyState.FINISHED
    if any(state in {RunState.FAILED, RunState.LOST, RunState.DAMAGED} for state in runs):
        return StudyState.FAILED
    return StudyState.STOPPED
