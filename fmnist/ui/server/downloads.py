"""Sends runs as a zip file while it is packed: neither memory nor disk holds the whole."""

from __future__ import annotations

import contextlib
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from fmnist.errors import RunError
from fmnist.runs import Run, open_run, stream_bundle
from fmnist.ui.shell.bundle_links import PREFIX, take_bundle

_DELETED: Final = "These runs have been deleted. Restore them on the page Runs.\n"


def send_bundle(request: Request) -> Response:
    """Answer with the zip file that a link stands for."""
    run_ids = take_bundle(request.path_params["token"])
    if not run_ids:  # used already: the page has drawn the frame again, which should do nothing
        return Response(status_code=204)
    runs: list[Run] = []
    for run_id in run_ids:
        with contextlib.suppress(RunError):  # deleted since the link was drawn
            runs.append(open_run(run_id))
    if not runs:
        return PlainTextResponse(_DELETED, 404)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return StreamingResponse(stream_bundle(runs), media_type="application/zip", headers=headers)


_PATH: Final = f"{PREFIX}/{{token}}/{{name}}"

ROUTES: Final = [Route(f"/{_PATH}", send_bundle), Route(f"/{{base:path}}/{_PATH}", send_bundle)]
"""At the top, and below the path that ``server.baseUrlPath`` names."""
