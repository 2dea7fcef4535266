"""A separate class for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.classroom import Classroom, open_classroom


@pytest.fixture
def classroom(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    return open_classroom(monkeypatch)
