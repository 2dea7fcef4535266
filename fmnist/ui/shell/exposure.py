"""Warns if others can reach the server without signing in."""

from __future__ import annotations

import ipaddress
from typing import Final

import streamlit as st

from fmnist import settings

WARNING: Final = (
    "Anyone who can reach this server can start, change and delete everything: it answers at "
    "{where}, and no sign-in is required. Start it with FMNIST_CLASSROOM=1, or with "
    "--server.address=localhost for yourself alone."
)


def describe_exposure() -> str | None:
    """Return the risk and its remedy, or None if the server is private or people sign in."""
    address = st.get_option("server.address")
    # A server on localhost with another host name is behind a proxy.
    names = [name for name in st.get_option("server.allowedHosts") if not is_loopback(name)]
    if settings.is_classroom() or (is_loopback(address) and not names):
        return None
    if is_loopback(address):
        return WARNING.format(where=", ".join(names))
    everywhere = address in {None, "", "0.0.0.0", "::"}
    return WARNING.format(where="every address of this machine" if everywhere else address)


def is_loopback(address: str | None) -> bool:
    """Return whether a server on this address is reachable only from this machine.

    Args:
        address: as in ``server.address``; None and an empty text mean all addresses.
    """
    if address == "localhost":
        return True
    parsed = parse_address(address or "")
    return parsed is not None and parsed.is_loopback


def parse_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a host as an IP address, brackets allowed, or None if it is a name."""
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
