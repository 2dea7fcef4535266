"""Sends pictures that pages show by their address; a browser keeps them for good."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from fmnist.ui.shell.picture_links import PREFIX, find_picture

_HEADERS: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
"""The address names the content, so that no other content can ever be there."""


def send_picture(request: Request) -> Response:
    """Respond with the PNG file of an address."""
    content = find_picture(request.path_params["name"])
    if content is None:
        return PlainTextResponse("Not found.\n", 404)
    return Response(content, media_type="image/png", headers=_HEADERS)


_PATH: Final = f"{PREFIX}/{{name}}.png"

ROUTES: Final = [
    Route(f"/{_PATH}", send_picture),
    Route(f"/{{base:path}}/{_PATH}", send_picture),
]
"""At the top, and below the path that ``server.baseUrlPath`` names."""
