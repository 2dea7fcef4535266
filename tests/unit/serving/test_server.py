from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fmnist.errors import FmnistError, InferenceError
from fmnist.serving import limits
from fmnist.serving.network import ServedNetwork
from fmnist.serving.server import is_loopback, serve_run
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def same_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_a_port_in_use_is_named_with_the_remedy(isolated: Path) -> None:
    run = make_run("finished")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FmnistError, match=rf"port {port}: .*--port"):
            serve_run(run, "127.0.0.1", port, print)


@pytest.mark.parametrize(("host", "port"), [("no host", 8080), ("127.0.0.1", 70_000)])
def test_an_address_that_is_none_is_refused(isolated: Path, host: str, port: int) -> None:
    with pytest.raises(FmnistError, match="can't listen"):
        serve_run(make_run("finished"), host, port, print)


def test_a_run_without_network_ends_the_server(isolated: Path) -> None:
    lines: list[str] = []
    with pytest.raises(InferenceError, match="no model yet"):
        serve_run(make_run("queued", "waits"), "127.0.0.1", 0, lines.append)
    assert "/invocations" in lines[0]
    assert not any("WARNING" in line for line in lines)


def test_whatever_keeps_the_network_from_loading_ends_the_server(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: ServedNetwork) -> None:
        raise OSError(5, "Input/output error", "/x/model.onnx")

    monkeypatch.setattr(ServedNetwork, "load", fail)
    with pytest.raises(InferenceError, match=r"/x/model\.onnx can't be read.*Check the disk"):
        serve_run(make_run("finished"), "127.0.0.1", 0, print)


def test_who_listens_on_all_addresses_is_warned(isolated: Path) -> None:
    lines: list[str] = []
    with pytest.raises(InferenceError):
        serve_run(make_run("queued", "waits"), "0.0.0.0", 0, lines.append)
    assert "WARNING" in lines[1]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("lab", False)],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(("value", "port"), [("9000", 9000), ("", 8080), ("x", 8080)])
def test_sagemaker_names_the_port(monkeypatch: pytest.MonkeyPatch, value: str, port: int) -> None:
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", value)
    assert limits.endpoint_port() == port
