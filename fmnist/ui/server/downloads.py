"""Streams files, and zips of runs while they are packed, without holding them in memory."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from fmnist.errors import RunError
from fmnist.runs import Run, open_run, stream_bundle
from fmnist.ui.shell.download_links import PREFIX, take_content

_DELETED: Final = "These runs have been deleted. Restore them on the page Runs.\n"
_GONE: Final = "This file has been deleted meanwhile. Open the page again.\n"

_HEADERS: Final = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}


def send_download(request: Request) -> Response:
    """Respond with the file, or the zip of runs, of a link."""
    content = take_content(request.path_params["token"])
    if not content:  # already used: the page has redrawn the frame, which should have no effect
        return Response(status_code=204)
    if isinstance(content, Path):
        return _send_file(content)
    return _send_bundle(content)


def _send_file(path: Path) -> Response:
    if not path.is_file():
        return PlainTextResponse(_GONE, 404)
    return FileResponse(path, headers=_HEADERS, media_type="application/octet-stream")


def _send_bundle(run_ids: tuple[str, ...]) -> Response:
    runs: list[Run] = []
    for run_id in run_ids:
        with contextlib.suppress(RunError):  # deleted since the link was drawn
            runs.append(open_run(run_id))
    if not runs:
        return PlainTextResponse(_DELETED, 404)
    return StreamingResponse(stream_bundle(runs), media_type="application/zip", headers=_HEADERS)


_PATH: Final = f"{PREFIX}/{{token}}/{{name}}"

ROUTES: Final = [
    Route(f"/{_PATH}", send_download),
    Route(f"/{{base:path}}/{_PATH}", send_download),
]
"""At the top, and below the path that ``server.baseUrlPath`` names."""
