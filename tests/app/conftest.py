"""Fixtures of the page tests: no page starts a process, and networks answer at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.data import load_dataset
from tests.support import evaluate_pages, explore_pages
from tests.support.classroom import Classroom, open_classroom
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


@pytest.fixture
def classroom(controlled: list[str], monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """Classroom mode with a new class."""
    return open_classroom(monkeypatch)


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use folders with the small data set of ``evaluate_pages``, and no run."""
    for name in ("archive", "cache", "models"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"FMNIST_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    evaluate_pages.write_archive(tmp_path / "archive")


@pytest.fixture
def a_run(planted: None) -> None:
    """The run ``first`` with planted mistakes."""
    evaluate_pages.write_run("first", load_dataset().fingerprints["test"])


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the small archive of ``explore_pages``, in use."""
    explore_pages.write_archive(tmp_path)
    explore_pages.use_archive(monkeypatch, tmp_path, tmp_path / "cache")
    return tmp_path
