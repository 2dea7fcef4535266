from __future__ import annotations

import asyncio
import gc
import itertools
import platform
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from benchmarks.load_client import LoadClient
from fmnist.ui.server import sessions
from fmnist.ui.server.sessions import collect_garbage, free_expired, raise_file_limit
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


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


class Part:
    """An object that can refer to itself."""

    def __init__(self) -> None:
        self.whole = self


def test_what_remains_is_left_out_of_pythons_own_collections(thawed: None) -> None:
    del thawed
    part = Part()
    collect_garbage()
    assert gc.get_freeze_count() > 0
    assert not any(each is part for each in gc.get_objects())


def test_what_has_become_garbage_since_the_last_time_is_freed(thawed: None) -> None:
    del thawed
    part = Part()
    freed = weakref.ref(part)
    collect_garbage()
    del part
    gc.collect()
    assert freed() is not None
    collect_garbage()
    assert freed() is None


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed")
def test_freed_memory_is_given_back_to_the_system(thawed: None) -> None:
    del thawed
    process = psutil.Process()
    pieces = [bytes(2_000) for _ in range(40_000)]  # more than 512 bytes: from the C library
    kept = pieces[::20]  # so that the heap can't simply be cut off at its end
    del pieces
    before = process.memory_info().rss
    collect_garbage()
    assert before - process.memory_info().rss > 40e6
    assert len(kept) == 2_000


def test_garbage_is_collected_after_imports_and_after_sessions_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    expired = [0, 0, 0, 2, 0]

    def free(_runtime: Any) -> int:
        if not expired:
            raise asyncio.CancelledError
        done.append(f"{expired[0]} ended")
        return expired.pop(0)

    monkeypatch.setattr(sessions, "SWEEP_SECONDS", 0.0)
    monkeypatch.setattr(sessions, "free_expired", free)
    monkeypatch.setattr(sessions, "collect_garbage", lambda: done.append("collected"))
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 0.01)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(sessions.free_closed_sessions(build_runtime(ttl=60)[0]))
    assert done == [
        "0 ended", "collected", "0 ended", "0 ended", "2 ended", "collected", "0 ended",
    ]  # fmt: skip


@pytest.mark.parametrize(("busy_seconds", "waits"), [([0.0], 1), ([0.5, 0.9, 0.001], 3)])
def test_garbage_waits_until_the_server_is_idle(
    busy_seconds: list[float], waits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = itertools.accumulate(itertools.chain([0.0], *((each, 0.0) for each in busy_seconds)))
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(sessions.time, "process_time", used.__next__)
    monkeypatch.setattr(sessions.asyncio, "sleep", sleep)
    asyncio.run(sessions.wait_until_idle())
    assert slept == [sessions.IDLE_SECONDS] * waits


def test_garbage_is_collected_in_the_end_though_the_server_is_never_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(sessions.time, "process_time", itertools.count().__next__)
    monkeypatch.setattr(sessions.asyncio, "sleep", sleep)
    asyncio.run(sessions.wait_until_idle())
    assert sum(slept) == sessions.SWEEP_SECONDS


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
