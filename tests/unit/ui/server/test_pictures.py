"""Pictures that a browser keeps: at an address named by their content, the same for everyone."""

from __future__ import annotations

import pytest
import streamlit as st
from cachetools import LRUCache
from starlette.applications import Starlette
from starlette.testclient import TestClient

from fmnist.ui.server.guard import Guard
from fmnist.ui.server.pictures import ROUTES
from fmnist.ui.shell import picture_links
from fmnist.ui.shell.picture_links import add_picture


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(picture_links, "_pictures", LRUCache(100, len))
    return TestClient(Starlette(routes=ROUTES))


@pytest.mark.parametrize("base", ["", "/lab/", "a/b"])
def test_a_browser_may_keep_a_picture_for_good(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.get)
    address = add_picture(b"a picture")
    assert address.startswith(f"/{base.strip('/')}/pictures/".replace("//", "/"))
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, b"a picture")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert add_picture(b"a picture").split("/")[-1] == address.split("/")[-1]
    assert add_picture(b"another picture").split("/")[-1] != address.split("/")[-1]


def test_an_unknown_address_and_a_foreign_host_get_nothing(client: TestClient) -> None:
    address = add_picture(b"a picture")
    assert client.get("/pictures/unknown.png").status_code == 404
    guarded = TestClient(Guard(client.app), base_url="http://localhost:8501")
    assert guarded.get(address).status_code == 200
    assert guarded.get(address, headers={"host": "attacker.example"}).status_code == 403


def test_memory_is_bounded_and_what_pages_add_again_stays(client: TestClient) -> None:
    shown = add_picture(b"x" * 40)
    others = [add_picture(bytes([number]) * 40) for number in range(9)]
    assert client.get(shown).status_code == 404
    assert client.get(others[-1]).status_code == 200
    for number in range(9):
        shown = add_picture(b"x" * 40)
        add_picture(bytes([number]) * 40)
    assert client.get(shown).status_code == 200
    assert picture_links._pictures.currsize <= 100
