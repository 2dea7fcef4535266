"""Fixtures of the data tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.archives import build_arrays, use_folders, write_idx


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An archive in use, empty."""
    return use_folders(monkeypatch, tmp_path)


@pytest.fixture
def idx_archive(archive: Path) -> Path:
    """An archive in use, with the IDX files of ``build_arrays()``."""
    write_idx(archive, build_arrays())
    return archive
