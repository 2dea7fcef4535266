"""Fixtures of the page tests: no page starts a process, and networks answer at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pages import fake_pool, hold_controller, hold_dispatcher


@pytest.fixture
def spawned(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Start no process; the list grows by one for each dispatcher that would have been started."""
    fake_pool(monkeypatch)
    return hold_dispatcher(monkeypatch)


@pytest.fixture
def controlled(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Start no process; the list holds the studies that would have got a controller."""
    return hold_controller(monkeypatch)
