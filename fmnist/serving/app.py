"""The web application of the endpoint: ``/ping``, ``/invocations``, ``/docs``.

The first two are required by Amazon SageMaker. Every error is a JSON object with
``error``, a message with the remedy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, cast

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from fmnist import settings
from fmnist.errors import FmnistError, ImageError, RequestError
from fmnist.images import KindChoice
from fmnist.serving import limits
from fmnist.serving.answers import choose_format, encode_answers, encode_error
from fmnist.serving.bodies import JSON, MEDIA_TYPES, parse_images, parse_media_type
from fmnist.serving.network import ServedNetwork
from fmnist.serving.openapi import build_openapi
from fmnist.serving.page import build_page

_KINDS: Final = ("auto", "photo", "drawing")

_ATTRIBUTES: Final = "X-Amzn-SageMaker-Custom-Attributes"
"""SageMaker forwards no query, but it forwards this header: ``kind=photo``."""

_PAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def build_app(network: ServedNetwork) -> Starlette:
    """Return the application for a network, which may still be loading."""
    endpoint = _Endpoint(network)
    document = build_openapi(network.run.run_id)

    async def show_openapi(_: Request) -> Response:
        return JSONResponse(document)

    async def show_page(request: Request) -> Response:
        page = build_page(document, str(request.base_url))
        return HTMLResponse(page, headers={"Content-Security-Policy": _PAGE_POLICY})

    return Starlette(
        routes=[
            Route("/ping", endpoint.ping),
            Route("/invocations", endpoint.invoke, methods=["POST"]),
            Route("/openapi.json", show_openapi),
            Route("/docs", show_page),
        ],
        exception_handlers={
            FmnistError: _report_fault,
            HTTPException: _report_address,
            ClientDisconnect: _report_nothing,
            Exception: _report_bug,
        },
    )


class _Endpoint:
    """Handles requests for one network; limits concurrent computations."""

    def __init__(self, network: ServedNetwork) -> None:
        self._network = network
        self._in_flight = 0
        # Pictures wait for their workers; images must not wait behind them.
        self._cores = CapacityLimiter(settings.count_cores())
        self._picture_workers = CapacityLimiter(settings.picture_workers())

    async def ping(self, _: Request) -> Response:
        """Return 200 once the network is loaded, 503 before."""
        if self._network.is_ready:
            return Response(status_code=200)
        return _build_error("The network is being loaded. Ask again in a second.", 503)

    async def invoke(self, request: Request) -> Response:
        """Answer one request."""
        if not self._network.is_ready:
            raise RequestError("The network is being loaded. Try again in a second.", status=503)
        if self._in_flight >= limits.MAX_REQUESTS:
            raise RequestError(
                f"{limits.MAX_REQUESTS} requests are being answered, which is the limit."
                " Try again in a second.",
                status=503,
            )
        self._in_flight += 1
        try:
            return await self._answer(request)
        finally:
            self._in_flight -= 1

    async def _answer(self, request: Request) -> Response:
        media_type = parse_media_type(request.headers.get("Content-Type", ""))
        accepted = choose_format(request.headers.get("Accept", ""), media_type)
        work: Callable[[bytes], bytes]
        if media_type in MEDIA_TYPES:
            limiter = self._cores

            def work(content: bytes) -> bytes:
                images, key = parse_images(content, media_type)
                return encode_answers(self._network.answer(images), accepted, key)

        elif media_type.startswith("image/"):
            limiter, kind = self._picture_workers, _choose_kind(request)

            def work(content: bytes) -> bytes:
                answer = self._network.answer_picture(content, kind)
                return encode_answers([answer], accepted, "predictions")

        else:
            raise RequestError(
                f"The Content-Type is {media_type[:100]!r}. Send application/json,"
                " application/jsonlines or text/csv, or a picture as image/png or image/jpeg.",
                status=415,
            )
        content = await _read_body(request)
        body = await anyio.to_thread.run_sync(work, content, limiter=limiter)
        return Response(body, media_type=accepted)


async def _read_body(request: Request) -> bytes:
    """Return the body; it is read up to the limit only.

    Raises:
        RequestError: it is larger than the limit, or does not arrive in time.
    """
    too_large = RequestError(
        f"The body is larger than {settings.MAX_UPLOAD_MB} MiB. Send fewer images, or a smaller"
        " picture.",
        status=413,
    )
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > settings.MAX_UPLOAD_BYTES:
        raise too_large
    content = bytearray()
    try:
        async with asyncio.timeout(limits.REQUEST_SECONDS):
            async for chunk in request.stream():
                content += chunk
                if len(content) > settings.MAX_UPLOAD_BYTES:
                    raise too_large
    except TimeoutError as error:
        raise RequestError(
            f"The body did not arrive within {limits.REQUEST_SECONDS:g} seconds. Send it again,"
            " in smaller parts if the connection is slow.",
            status=408,
        ) from error
    return bytes(content)


def _choose_kind(request: Request) -> KindChoice:
    given = request.query_params.get("kind")
    if given is None:
        name, _, value = request.headers.get(_ATTRIBUTES, "").partition("=")
        given = value.strip() if name.strip() == "kind" else "auto"
    if given not in _KINDS:
        raise RequestError(f"kind is {given[:100]!r}. Choose {', '.join(_KINDS)}.")
    return cast(KindChoice, given)


def _build_error(message: str, status: int) -> Response:
    headers = {"Connection": "close"} if status in {408, 413} else {}
    if status == 503:
        headers["Retry-After"] = "1"
    return Response(encode_error(message), status, headers, media_type=JSON)


async def _report_fault(_: Request, error: Exception) -> Response:
    if isinstance(error, RequestError):
        return _build_error(str(error), error.status)
    return _build_error(str(error), 400 if isinstance(error, ImageError) else 500)


async def _report_address(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    response = _build_error(
        f"{request.method} {request.url.path[:100]} does not exist. POST /invocations classifies;"
        " GET /docs explains how.",
        status,
    )
    response.headers.update(cast(HTTPException, error).headers or {})
    return response


async def _report_nothing(_: Request, _error: Exception) -> Response:
    """Return a response that no one reads: the client has gone."""
    return Response(status_code=400)


async def _report_bug(_: Request, error: Exception) -> Response:
    return _build_error(
        f"There is an error in the program ({type(error).__name__}); the output of the server shows"
        " where. Send another image.",
        500,
    )
