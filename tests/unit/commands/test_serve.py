"""The command ``serve`` as a process: its start, its answers, its end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.server import is_tensorflow_mapped
from tests.support.serving import start_endpoint

pytestmark = [pytest.mark.slow, pytest.mark.processes]

START_SECONDS = 20.0
"""A busy machine; the benchmark measures an idle one."""

DRAIN_SECONDS = 30.0


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The endpoint of the shipped baseline and its port, when it is ready."""
    started = time.monotonic()
    with start_endpoint(["serve", "baseline", "--port", "0"]) as found:
        assert time.monotonic() - started < START_SECONDS
        yield found


def test_a_request_ends_after_sigterm_and_then_the_server(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=10) as answer:
        assert answer.status == 200
    assert not is_tensorflow_mapped(process.pid)
    body = json.dumps({"instances": [[0] * 784]}).encode()
    head = (
        "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=DRAIN_SECONDS) as client:
        client.sendall(head.encode())
        assert b"100 Continue" in client.recv(1_000)  # the body is being waited for
        process.send_signal(signal.SIGTERM)
        end = time.monotonic() + DRAIN_SECONDS
        while True:  # until no new client is let in
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                break
            assert time.monotonic() < end
        client.sendall(body)
        response = b""
        while part := client.recv(10_000):
            response += part
    assert response.startswith(b"HTTP/1.1 200")
    assert b'"predictions"' in response
    assert process.wait(DRAIN_SECONDS) == 0
