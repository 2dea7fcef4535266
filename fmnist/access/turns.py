"""Fair turns: the latest start per owner, and whether the queue is paused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fmnist.access import store

_PAUSED: Final = "queue paused"


def is_paused() -> bool:
    """Return whether a teacher has paused the queue, so that no waiting run starts."""
    return bool(store.query("SELECT 1 FROM facts WHERE name = ?", _PAUSED))


def set_paused(*, paused: bool) -> None:
    """Pause or resume the queue; runs that are training continue in any case."""
    with store.transaction() as database:
        if paused:
            database.execute("REPLACE INTO facts VALUES (?, 'yes')", (_PAUSED,))
        else:
            database.execute("DELETE FROM facts WHERE name = ?", (_PAUSED,))


def record_turn(owner: str) -> None:
    """Record that a run of an owner was started, so that others are next."""
    with store.transaction() as database:
        database.execute(
            "REPLACE INTO turns SELECT ?, coalesce(max(turn), 0) + 1 FROM turns", (owner,)
        )


def compute_order(owners: Sequence[str]) -> list[int]:
    """Return the fair order of waiting runs, round robin over their owners.

    Args:
        owners: the owners of the runs, in the order in which the runs wait.

    Returns:
        Indices into ``owners``. Next is always the first run of the owner served longest ago or,
        among those never served, of the one waiting longest.
    """
    turns = {row["owner"]: int(row["turn"]) for row in store.query("SELECT owner, turn FROM turns")}
    last = max(turns.values(), default=0)
    waiting: dict[str, list[int]] = {}
    for index, owner in enumerate(owners):
        waiting.setdefault(owner, []).append(index)
    order: list[int] = []
    while waiting:
        owner = min(waiting, key=lambda name: (turns.get(name, 0), waiting[name][0]))
        order.append(waiting[owner].pop(0))
        last += 1
        turns[owner] = last
        if not waiting[owner]:
            del waiting[owner]
    return order
