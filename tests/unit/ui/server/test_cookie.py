from __future__ import annotations

import asyncio
import re

import pytest
from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope

from fmnist.ui.server.cookie import SessionCookie
from fmnist.ui.shell.access import SESSION_COOKIE

PAGE, HEALTH = HTMLResponse("<p>page</p>"), JSONResponse({})


def ask(answer: ASGIApp, *, cookie: str = "", scheme: str = "http") -> str:
    """Return the cookie that comes with an answer, empty for none."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def respond() -> None:
        headers = [(b"cookie", cookie.encode())] if cookie else []
        scope: Scope = {"type": "http", "method": "GET", "scheme": scheme, "headers": headers}
        receive: Receive = asyncio.Queue[Message]().get
        await SessionCookie(answer)(scope, receive, send)

    asyncio.run(respond())
    return dict(sent[0]["headers"]).get(b"set-cookie", b"").decode()


def test_no_cookie_without_classroom_mode() -> None:
    assert ask(PAGE) == ""


def test_page_brings_a_random_cookie_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_CLASSROOM", "1")
    assert ask(HEALTH) == ""
    first = ask(PAGE)
    assert re.fullmatch(rf"{SESSION_COOKIE}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=Lax", first)
    assert ask(PAGE) not in {"", first}
    assert ask(PAGE, cookie=f"other=1; {first.partition(';')[0]}") == ""
    assert ask(PAGE, cookie="other=1") != ""


def test_cookie_of_a_page_by_tls_is_sent_by_tls_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_CLASSROOM", "1")
    assert "Secure" in ask(PAGE, scheme="https")
