from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fmnist.ui.server.guard import Guard

HOST = "localhost:8501"


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What stands behind the guard: accept everything."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"x-frame-options", b"DENY")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def ask(kind: str = "http", method: str = "GET", path: str = "/", **headers: str) -> dict[str, Any]:
    """Return the first message that comes back."""
    headers = {"host": HOST} | headers
    scope = {
        "type": kind, "method": method, "path": path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Guard(answer)(scope, receive, send))
    return sent[0]


def test_own_pages_are_served() -> None:
    origin = f"http://{HOST}"
    assert ask()["status"] == 200
    assert ask("websocket", origin=origin)["type"] == "websocket.accept"
    assert ask("websocket")["type"] == "websocket.accept"  # a program, which sends no origin
    assert ask(method="PUT", path="/_stcore/upload_file/a/b", origin=origin)["status"] == 200


def test_a_rebound_name_gets_neither_page_nor_connection() -> None:
    assert ask(host="evil.example")["status"] == 403
    assert ask(host="evil.example", path="/_stcore/health")["status"] == 403
    refused = ask("websocket", host="evil.example", origin="http://evil.example")
    assert refused["type"] == "websocket.close"
    assert refused["code"] == 1008


def test_a_page_of_another_site_changes_nothing() -> None:
    foreign = "http://evil.example"
    assert ask("websocket", origin=foreign)["type"] == "websocket.close"
    assert ask(method="PUT", origin=foreign)["status"] == 403
    assert ask(method="DELETE", origin="null")["status"] == 403
    assert ask(origin=foreign)["status"] == 200  # which it can't read


def test_an_odd_header_is_refused() -> None:
    assert ask(host="\xff\xfe")["status"] == 403
    assert ask("websocket", origin="\xff://\x00")["type"] == "websocket.close"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/base/_stcore/metrics", "/_stcore/metrics/"])
def test_metrics_are_open_only_on_request(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(path=path)["status"] == 404
    monkeypatch.setenv("FMNIST_METRICS", "1")
    assert ask(path=path)["status"] == 200


def test_every_response_has_the_headers_and_keeps_its_own() -> None:
    for message in (ask(), ask(host="evil.example"), ask(path="/_stcore/metrics")):
        names = [name for name, _ in message["headers"]]
        assert len(names) == len(set(names))
        assert {b"content-security-policy", b"x-content-type-options"} <= set(names)
    assert dict(ask()["headers"])[b"x-frame-options"] == b"DENY"
