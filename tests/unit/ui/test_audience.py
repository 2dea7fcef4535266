from types import SimpleNamespace

import pytest
from cachetools import TTLCache

from fmnist.ui.shell import audience
from fmnist.ui.shell.audience import choose_interval


class Class:
    """Sessions that draw a live part, and a clock."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        self._context = SimpleNamespace(session_id="")
        sessions = TTLCache(10_000, audience.FORGET_SECONDS, timer=lambda: self.now)
        monkeypatch.setattr(audience, "_sessions", sessions)
        monkeypatch.setattr(audience, "get_script_run_ctx", lambda: self._context)

    def draw(self, session, current=None):
        self._context.session_id = str(session)
        return choose_interval(0.4, current)

    def fill(self, count):
        for session in range(count):
            self.draw(session)


@pytest.fixture
def sessions(monkeypatch):
    return Class(monkeypatch)


@pytest.mark.parametrize(
    ("count", "interval"), [(1, 0.4), (8, 0.4), (9, 0.8), (20, 0.8), (50, 1.0), (400, 2.0)]
)
def test_the_more_sessions_watch_the_longer_the_interval(sessions, count, interval):
    sessions.fill(count)
    assert sessions.draw(0) == pytest.approx(interval)


def test_a_session_counts_once(sessions):
    for _ in range(100):
        assert sessions.draw("the same") == 0.4


def test_a_session_that_has_left_does_not_count(sessions):
    sessions.fill(50)
    sessions.now += audience.FORGET_SECONDS + 1
    assert sessions.draw(0) == 0.4


def test_an_interval_that_became_too_short_is_changed(sessions):
    sessions.fill(9)
    assert sessions.draw(0, current=0.4) == 0.8


def test_an_interval_is_kept_while_sessions_come_and_go(sessions):
    sessions.fill(8)
    assert sessions.draw(0, current=0.8) == 0.8


def test_an_interval_that_became_much_too_long_is_changed(sessions):
    sessions.fill(8)
    assert sessions.draw(0, current=0.4 * 3) == 0.4


def test_without_a_session_nothing_is_counted(monkeypatch):
    monkeypatch.setattr(audience, "get_script_run_ctx", lambda: None)
    assert choose_interval(2.0) == 2.0
