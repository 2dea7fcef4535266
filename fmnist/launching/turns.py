"""Fair turns of the queue in classroom mode: round robin over people, and a teacher's pause.

The class's database is asked; without classroom mode it is not even imported. If it can't be read,
the queue falls back to plain order, so that no run waits forever.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fmnist import settings
from fmnist.errors import AccessError
from fmnist.runs import Run
from fmnist.runs.owners import find_person

_LOGGER = logging.getLogger(__name__)


def order_fairly(waiting: Sequence[Run]) -> list[Run]:
    """Return waiting runs so that the people who own them take turns.

    Args:
        waiting: in the order of their places.
    """
    from fmnist.access.turns import compute_order

    if len(waiting) < 2:
        return list(waiting)
    try:
        order = compute_order([find_person(run.owner) for run in waiting])
    except AccessError as error:
        _LOGGER.warning("%s", error)
        return list(waiting)
    return [waiting[index] for index in order]


def is_queue_paused() -> bool:
    """Return whether a teacher has paused the queue."""
    if not settings.is_classroom():
        return False
    from fmnist.access.turns import is_paused

    try:
        return is_paused()
    except AccessError as error:
        _LOGGER.warning("%s", error)
        return False


def note_turn(run: Run) -> None:
    """Record that a run was started: other people come before the next run of its owner."""
    if not settings.is_classroom():
        return
    from fmnist.access.turns import record_turn

    try:
        record_turn(find_person(run.owner))
    except AccessError as error:
        _LOGGER.warning("%s", error)
