from __future__ import annotations

import socket

import pytest

from fmnist.ui.server.hosts import is_host_allowed, is_origin_allowed
from tests.support.streamlit_options import set_options

REBOUND = ["evil.example", "evil.example:8501", "localhost.evil.example", "127.0.0.1.nip.example"]
MALFORMED = ["", ":8501", "localhost:x", "localhost:99999", "user@localhost", "localhost/x", "[::1"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_a_server_on_localhost_answers_to_loopback_names(host: str) -> None:
    assert is_host_allowed(host)


@pytest.mark.parametrize("host", [*REBOUND, *MALFORMED, "192.168.0.7", "10.0.0.1:8501"])
def test_a_server_on_localhost_refuses_other_names(host: str) -> None:
    assert not is_host_allowed(host)


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.168.0.7"])
def test_an_open_server_answers_to_addresses_and_its_own_names(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_options(monkeypatch, address=address)
    for host in ("localhost:8501", "192.168.0.7:8501", "[fd00::7]", socket.gethostname()):
        assert is_host_allowed(host), host
    for host in (*REBOUND, *MALFORMED):
        assert not is_host_allowed(host), host


def test_named_hosts_replace_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, allowedHosts=["lab.example.org", "*.school.example"])
    assert is_host_allowed("LAB.example.org.:443")
    assert is_host_allowed("a.school.example")
    for host in ("school.example", "localhost", "evil.example"):
        assert not is_host_allowed(host), host
    set_options(monkeypatch, allowedHosts=["*"])
    assert is_host_allowed("evil.example")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8501", "localhost:8501"),
        ("https://lab.example.org", "lab.example.org"),
        ("https://lab.example.org", "lab.example.org:443"),
        ("http://[::1]:8501", "[::1]:8501"),
    ],
)
def test_its_own_pages_may_connect(origin: str, host: str) -> None:
    assert is_origin_allowed(origin, host)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://localhost:3000", "http://127.0.0.1:8501", "null", "", "http://[",
     "file://localhost:8501"],
)  # fmt: skip
def test_pages_of_other_origins_may_not(origin: str) -> None:
    assert not is_origin_allowed(origin, "localhost:8501")


def test_origins_may_be_named_or_all_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, corsAllowedOrigins=["https://portal.example"])
    assert is_origin_allowed("https://portal.example", "localhost:8501")
    assert not is_origin_allowed("https://evil.example", "localhost:8501")
    set_options(monkeypatch, enableCORS=False)
    assert is_origin_allowed("https://evil.example", "localhost:8501")
