"""Servers, a browser and tabs for the browser tests; one server serves most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import OpenTab, Record, Tab, launch_chromium
from tests.support.server import (
    PROJECT_DIR,
    Folders,
    LabServer,
    copy_models,
    find_real_archive,
    train_tiny_run,
)


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Keep a measured figure for the end of the output; a report carries it between processes."""
    return lambda figure: record_property("figure", figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was measured."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "figure" and report.when in ("call", None):
                    terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folders(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """An empty archive, a cache, and a models folder with one tiny run and the shipped ones.

    The processes of pytest-xdist share archive, cache and the training of the tiny run.
    """
    base = shared_folder / "demo"
    shared = Folders(base / "archive", base / "cache", base / "models")
    with FileLock(shared_folder / "demo.lock"):
        if not base.exists():
            shared.archive.mkdir(parents=True)
            train_tiny_run(shared)
    own = Folders(shared.archive, shared.cache, tmp_path_factory.mktemp("demo") / "models")
    for source in (shared.models, PROJECT_DIR / "models"):
        copy_models(source, own.models)
    return own


@pytest.fixture(scope="session")
def demo_server(
    demo_folders: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LabServer]:
    """The server of all tests that end no server; a run that one of them starts stays there."""
    server = LabServer(demo_folders, tmp_path_factory.mktemp("log") / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_folders(demo_folders: Folders, tmp_path: Path) -> Folders:
    """The demo set's folders with a separate models folder, empty."""
    models = tmp_path / "models"
    models.mkdir()
    return Folders(demo_folders.archive, demo_folders.cache, models)


@pytest.fixture
def own_server(own_folders: Folders, tmp_path: Path) -> Iterator[LabServer]:
    """A server that the test may end; it is not started yet."""
    server = LabServer(own_folders, tmp_path / "server.log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def real_server(
    demo_folders: Folders, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LabServer]:
    """A server with the real data set, which is parsed into a separate cache."""
    archive = find_real_archive()
    if archive is None:
        pytest.skip("The real data set is not there: set FMNIST_ARCHIVE or fill archive/.")
    base = tmp_path_factory.mktemp("real")
    folders = Folders(archive, base / "cache", demo_folders.models)
    server = LabServer(folders, base / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[OpenTab]:
    """Open tabs; after the test none may have a fault, nor the log of their server a traceback.

    A tab that the test closed is not looked at again.
    """
    tabs: list[Tab] = []
    logs: dict[LabServer, int] = {}

    def open_one(server: LabServer, path: str = "", *, title: str = "", **options: object) -> Tab:
        logs.setdefault(server, len(server.read_log()))
        tab = Tab(browser, server.url, **options)
        tabs.append(tab)
        tab.open(path, title)
        return tab

    yield open_one
    try:
        for server, start in logs.items():
            log = server.read_log()[start:]
            assert "Traceback" not in log, log
        for tab in tabs:
            if not tab.is_closed:
                tab.check()
    finally:
        for tab in tabs:
            tab.close()
