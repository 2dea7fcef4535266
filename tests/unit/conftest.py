"""Fixtures of the tests that start real dispatchers, in a copy of the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fmnist import settings
from tests.support.launching import copy_project, end_all


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def models(isolated: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(settings, "PROJECT_DIR", project)
    yield isolated
    end_all(isolated)
