"""Fixtures of the data tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.archives import use_folders


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An archive in use, empty."""
    return use_folders(monkeypatch, tmp_path)
