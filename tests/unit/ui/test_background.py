"""A computation that continues while the page stays usable."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from fmnist.errors import RunError
from fmnist.ui.widgets import background
from fmnist.ui.widgets.background import Background, follow

DEADLINE = 30.0


class Slow:
    """Reports half done, then waits to continue."""

    def __init__(self) -> None:
        self.go_on, self.has_reported = threading.Event(), threading.Event()

    def __call__(self, report: Callable[[float], None]) -> str:
        report(0.5)
        self.has_reported.set()
        self.go_on.wait(DEADLINE)
        report(1.0)
        return "done"


def test_it_runs_in_the_background_and_reports_progress() -> None:
    slow = Slow()
    running = Background(("a",), slow)
    assert slow.has_reported.wait(DEADLINE)
    assert not running.wait(0)
    assert running.share == 0.5
    assert follow(running, ("a",), slow) is running
    slow.go_on.set()
    assert running.wait(DEADLINE)
    assert running.get_result() == "done"


def test_another_identity_takes_its_place_and_ends_it() -> None:
    first, second = Slow(), Slow()
    old = Background(("a",), first)
    new = follow(old, ("b",), second)
    for slow in (first, second):
        slow.go_on.set()
    assert old.wait(DEADLINE)
    assert old.has_ended_early
    assert new.wait(DEADLINE)
    assert new.get_result() == "done"
    again = follow(old, ("a",), lambda _report: "again")
    assert again.wait(DEADLINE)
    assert again.get_result() == "again"


def test_it_ends_when_nobody_asks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "ABANDONED_SECONDS", -1.0)
    left = Background(("a",), Slow())
    assert left.wait(DEADLINE)
    assert left.has_ended_early


def test_its_error_is_raised_where_the_result_is_asked_for() -> None:
    def fail(_report: object) -> None:
        raise RunError("The network is gone.")

    failed = Background(("a",), fail)
    assert failed.wait(DEADLINE)
    with pytest.raises(RunError, match="gone"):
        failed.get_result()
