from __future__ import annotations

import asyncio

import pytest

from fmnist.ui.server import lifespan
from tests.support.streamlit_options import set_options


@pytest.fixture(autouse=True)
def no_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifespan.Runtime, "instance", lambda: None)


async def start_and_end() -> None:
    async with lifespan.run_lifespan(None):
        await asyncio.sleep(0)


def test_an_open_server_prints_one_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_options(monkeypatch, address="0.0.0.0", headless=True)
    asyncio.run(start_and_end())
    assert capsys.readouterr().out.count("WARNING") == 1
    set_options(monkeypatch, address="localhost")
    asyncio.run(start_and_end())
    assert capsys.readouterr().out == ""


def test_the_browser_is_opened_as_streamlit_does(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(lifespan, "open_browser", opened.append)
    set_options(monkeypatch, headless=False)
    asyncio.run(start_and_end())
    set_options(monkeypatch, headless=True)
    asyncio.run(start_and_end())
    assert opened == ["http://localhost:8501"]
