"""The middleware in front of Streamlit: foreign hosts, foreign origins, metrics, headers."""

from __future__ import annotations

import logging
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fmnist import settings
from fmnist.ui.server.headers import build_headers
from fmnist.ui.server.hosts import is_host_allowed, is_origin_allowed

_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_WRONG_HOST: Final = (
    "This server does not answer to that host name. Its operator can allow the name: "
    "--server.allowedHosts=NAME, see docs/serving.md.\n"
)
_WRONG_ORIGIN: Final = "Pages of another site may not use this server.\n"

_LOGGER = logging.getLogger(__name__)


class Guard:
    """Rejects requests with a foreign host name or from a foreign site, and adds the headers.

    Metrics are public only with ``FMNIST_METRICS=1``: they show how many people use the server.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or connection, or pass it on to Streamlit."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                added = [header for header in build_headers() if header[0] not in given]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        refusal = _find_refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send_with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.strip()})
        elif refusal:
            await PlainTextResponse(refusal, 403)(scope, receive, send_with_headers)
        else:
            await PlainTextResponse("Not found.\n", 404)(scope, receive, send_with_headers)


def _find_refusal(scope: Scope) -> str | None:
    """Return why a request is refused; empty if its path does not exist, None if it is accepted."""
    headers = Headers(scope=scope)
    host, origin = headers.get("host", ""), headers.get("origin")
    if not is_host_allowed(host):
        _LOGGER.warning("refused the host name %.200r of %s", host, scope["type"])
        return _WRONG_HOST
    changes = scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS
    if changes and origin is not None and not is_origin_allowed(origin, host):
        _LOGGER.warning("refused a page of %.200r at %.200r", origin, host)
        return _WRONG_ORIGIN
    if scope["path"].rstrip("/").endswith("/_stcore/metrics") and not settings.serves_metrics():
        return ""
    return None
