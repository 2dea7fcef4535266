"""Servers on this machine that stand for mirrors, and every way in which one can fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler, str, bytes], None]


def send(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Send a file as a mirror should."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    if handler.command == "GET":
        handler.wfile.write(content)


def send_other_bytes(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Send the file's bytes in reverse."""
    send(handler, name, content[::-1])


def send_half(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Promise a whole file and send half of it."""
    if handler.command == "HEAD":
        return send(handler, name, content)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    return None


def send_half_then_halt(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Send half of a file, then keep the connection open for four seconds."""
    send_half(handler, name, content)
    if handler.command == "GET":
        time.sleep(4)


def never_answer(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Say nothing for four seconds, and end."""
    time.sleep(4)


def send_not_found(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Answer that there is no such file."""
    handler.send_error(404)


def send_labels_only(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Send the files with labels, and fail for the others."""
    send(handler, name, content) if "labels" in name else handler.send_error(500)


def send_slowly(handler: BaseHTTPRequestHandler, name: str, content: bytes) -> None:
    """Send a few bytes at a time, soon enough that no wait for one is too long."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    for start in range(0, len(content) if handler.command == "GET" else 0, 64):
        handler.wfile.write(content[start : start + 64])
        time.sleep(0.05)


@contextmanager
def serve(files: dict[str, bytes], answer: Answer = send) -> Iterator[tuple[str, list[str]]]:
    """Run a mirror; yield its address and the list of what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            asked.append(f"{self.command} {name}")
            answer(self, name, files[name])

        do_HEAD = do_GET  # noqa: N815  the name that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/data/", asked
    finally:
        server.shutdown()
        server.server_close()


def closed_address() -> str:
    """Return an address of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"
