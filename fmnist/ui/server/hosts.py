"""Which host names the server answers to, and which web pages may use it.

A page of a foreign site reaches a server on localhost by DNS rebinding: its own name suddenly
resolves to 127.0.0.1. The browser then sends that name as ``Host``, so a server that knows its
names is safe. A page that connects without rebinding sends its own site as ``Origin``.
"""

from __future__ import annotations

import socket
from urllib.parse import SplitResult, urlsplit

import streamlit as st

from fmnist.ui.shell.exposure import is_loopback, parse_address

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_host_allowed(host: str) -> bool:
    """Return whether the server answers to the value of a ``Host`` header.

    ``server.allowedHosts`` decides if it is set. Otherwise a server on a loopback address answers
    to loopback names only; any other also answers to every IP address, since a rebound name is
    not an address, to ``server.address``, ``browser.serverAddress`` and to this machine's name.
    """
    parts = _split(f"//{host}")
    if parts is None or not parts.hostname or "@" in host or parts.netloc != host:
        return False
    name = parts.hostname.rstrip(".")
    if patterns := st.get_option("server.allowedHosts"):
        return any(_matches(name, str(pattern)) for pattern in patterns)
    address = parse_address(name)
    if name == "localhost" or (address is not None and address.is_loopback):
        return True
    if is_loopback(st.get_option("server.address")):
        return False
    return address is not None or name in _list_own_names()


def is_origin_allowed(origin: str, host: str) -> bool:
    """Return whether a page of an origin may open a connection, or change anything by a request.

    Its own pages may: scheme, name and port are those of the ``Host`` header, which a proxy has
    to pass on. ``server.corsAllowedOrigins`` names others; ``server.enableCORS = false`` all.
    """
    if not st.get_option("server.enableCORS"):
        return True
    if origin in st.get_option("server.corsAllowedOrigins"):
        return True
    asking, asked = _split(origin), _split(f"//{host}")
    if asking is None or asked is None or asking.scheme not in _DEFAULT_PORTS:
        return False
    default = _DEFAULT_PORTS[asking.scheme]
    return asking.hostname == asked.hostname and (asking.port or default) == (asked.port or default)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises unless it is a number up to 65,535
    except ValueError:
        return None
    return parts


def _matches(name: str, pattern: str) -> bool:
    pattern = pattern.strip().lower().rstrip(".")
    if pattern.startswith("*."):
        return name.endswith(pattern[1:])
    return pattern in {"*", name}


def _list_own_names() -> set[str]:
    machine = socket.gethostname().lower()
    configured = (st.get_option("server.address"), st.get_option("browser.serverAddress"))
    return {machine, f"{machine}.local", *(str(name).lower() for name in configured if name)}
