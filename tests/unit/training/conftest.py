"""Fixtures of the tests of whole runs."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def models(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    return trained
