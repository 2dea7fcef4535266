"""The cookie by which classroom mode identifies a browser after a reload."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie
from typing import Final

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fmnist import settings
from fmnist.ui.shell.access import SESSION_COOKIE

TOKEN_BYTES: Final = 32


class SessionCookie:
    """Gives each browser a random token with the first page that it loads, in classroom mode.

    Scripts can't read it, other sites' pages don't send it, and it ends with the browser.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the cookie to an HTML page for a browser that has none."""
        if scope["type"] != "http" or not settings.is_classroom() or _has_cookie(scope):
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {name.lower(): value for name, value in message["headers"]}
                if headers.get(b"content-type", b"").startswith(b"text/html"):
                    cookie = build_cookie(is_secure=scope["scheme"] == "https")
                    message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def build_cookie(*, is_secure: bool) -> bytes:
    """Return the value of a ``Set-Cookie`` header with a new token."""
    cookie = SimpleCookie({SESSION_COOKIE: secrets.token_urlsafe(TOKEN_BYTES)})
    morsel = cookie[SESSION_COOKIE]
    morsel["path"], morsel["samesite"], morsel["httponly"] = "/", "Lax", True
    morsel["secure"] = is_secure
    return morsel.OutputString().encode()


def _has_cookie(scope: Scope) -> bool:
    given = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return SESSION_COOKIE in cookie_parser(given.decode("latin-1"))
