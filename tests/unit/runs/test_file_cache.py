"""What the cache keeps of a file, and until when."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs.file_cache import read_cached


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x"


def settle(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the file look as if it had been written a minute ago."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 60 * 10**9)


def count(calls: list[str]) -> Callable[[Path], str]:
    def read(path: Path) -> str:
        calls.append(path.read_text())
        return calls[-1]

    return read


def test_file_is_read_once_until_it_changes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("one")
    settle(path, monkeypatch)
    calls: list[str] = []
    for _ in range(3):
        assert read_cached(path, "text", count(calls)) == "one"
    assert calls == ["one"]
    stat = path.stat()
    path.write_text("two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # the time of change still tells
    assert read_cached(path, "text", count(calls)) == "two"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        read_cached(path, "text", count(calls))


def test_file_that_was_just_written_is_read_again(path: Path) -> None:
    """A second write within the clock's step would leave inode, size and times as they are."""
    path.write_text("one")
    calls: list[str] = []
    read_cached(path, "text", count(calls))
    read_cached(path, "text", count(calls))
    assert len(calls) == 2


def test_error_is_kept_like_a_value(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("bad")
    settle(path, monkeypatch)
    calls = []

    def fail(path: Path) -> None:
        calls.append(path)
        raise RunError(f"{path} is bad")

    for _ in range(2):
        with pytest.raises(RunError, match="is bad"):
            read_cached(path, "text", fail)
    assert len(calls) == 1
