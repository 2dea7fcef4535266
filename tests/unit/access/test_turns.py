from __future__ import annotations

from fmnist.access.turns import compute_order, is_paused, record_turn, set_paused
from tests.support.classroom import Classroom


def ordered(waiting: str) -> str:
    return "".join(waiting[i] for i in compute_order(list(waiting)))


def test_owners_take_turns_in_the_order_of_their_first_run(classroom: Classroom) -> None:
    assert ordered("AAABBC") == "ABCABA"


def test_who_was_served_last_waits_for_the_others(classroom: Classroom) -> None:
    record_turn("A")
    assert ordered("AAB") == "BAA"
    record_turn("B")
    assert ordered("AAB") == "ABA"


def test_everybody_is_served_within_a_round(classroom: Classroom) -> None:
    """One owner has a hundred runs before three others come."""
    waiting = "A" * 100 + "BCD"
    served = ""
    while "D" not in served:
        owner = ordered(waiting)[0]
        record_turn(owner)
        waiting = waiting.replace(owner, "", 1)
        served += owner
    assert served == "ABCD"


def test_pause_is_kept(classroom: Classroom) -> None:
    assert not is_paused()
    set_paused(paused=True)
    set_paused(paused=True)
    assert is_paused()
    set_paused(paused=False)
    assert not is_paused()
