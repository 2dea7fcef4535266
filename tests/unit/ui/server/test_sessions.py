from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from benchmarks.load_client import LoadClient
from fmnist.ui.server import sessions
from fmnist.ui.server.sessions import free_expired, raise_file_limit
from tests.support.server import Folders, LabServer

N_SESSIONS = 200
AT_ONCE = 20
DEADLINE_SECONDS = 120


def build_runtime(ttl: float) -> tuple[Any, list[str]]:
    """Return what stands for Streamlit's runtime, and the sessions that were shut down."""
    storage, ended = MemorySessionStorage(ttl_seconds=ttl), []
    session = SimpleNamespace(id="a", shutdown=lambda: ended.append("a"))
    storage.save(SimpleNamespace(session=session))
    manager = SimpleNamespace(_session_storage=storage, _storage_lock=threading.Lock())
    return SimpleNamespace(_session_mgr=manager), ended


def test_expired_sessions_are_shut_down_and_others_kept() -> None:
    runtime, ended = build_runtime(ttl=0)
    assert free_expired(runtime) == 1
    assert ended == ["a"]
    assert free_expired(runtime) == 0
    runtime, ended = build_runtime(ttl=60)
    assert free_expired(runtime) == 0
    assert ended == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [((1024, 4096), 4096), ((4096, 4096), 4096), ((1024, -1), sessions.MAX_FILES), ((-1, -1), -1)],
)
def test_soft_limit_of_open_files_is_raised(
    limits: tuple[int, int], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _which, both: given.append(both))
    assert raise_file_limit() == expected
    assert given == ([] if limits[0] == expected else [(expected, limits[1])])


def test_a_limit_that_can_not_be_raised_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")

    def refuse(_which: int, _both: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, -1))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert raise_file_limit() == 256


async def visit(url: str, count: int) -> None:
    clients = [LoadClient(url) for _ in range(count)]
    for number, client in enumerate(clients):
        await client.__aenter__()
        await client.open_page(("", "samples", "runs")[number % 3])
    for client in clients:
        await client.__aexit__(None, None, None)


@pytest.mark.slow
@pytest.mark.processes
def test_closed_sessions_hold_no_files_though_nobody_comes(tmp_path: Path) -> None:
    """Before, each kept three for good: 200 sessions reached the usual limit of 1,024."""
    folders = Folders(tmp_path / "archive", tmp_path / "cache", tmp_path / "models")
    folders.archive.mkdir()
    folders.models.mkdir()
    options = ("--server.disconnectedSessionTTL", "2")
    server = LabServer(folders, tmp_path / "server.log", options=options)
    server.start()
    try:
        process = psutil.Process(server.pid)
        asyncio.run(visit(server.url, 3))
        wait_for_files(process, 40)
        before = process.num_fds()
        for _ in range(N_SESSIONS // AT_ONCE):
            asyncio.run(visit(server.url, AT_ONCE))
        wait_for_files(process, before)
    finally:
        server.stop()


def wait_for_files(process: psutil.Process, most: int) -> None:
    end = time.monotonic() + DEADLINE_SECONDS
    while process.num_fds() > most:
        assert time.monotonic() < end, f"{process.num_fds()} files are open, {most} expected"
        time.sleep(0.5)
