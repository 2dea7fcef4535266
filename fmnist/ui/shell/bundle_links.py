"""Addresses from which a browser downloads runs as a zip file, piece by piece.

A download button of Streamlit keeps the whole file in memory, and sends it from there. So a zip has
an address of its own: random, handed out to somebody who may have the runs, and good for one
download soon after.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import streamlit as st

PREFIX: Final = "downloads"

LINK_SECONDS: Final = 60.0
"""How long a link works: the browser follows it as soon as the page is drawn."""

_MAX_LINKS: Final = 2_000
"""A link takes a few kilobytes at most; the oldest is forgotten first."""

_lock = threading.Lock()
_links: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()


def add_bundle_link(run_ids: Sequence[str]) -> str:
    """Return a new address, on this server, of a zip file with these runs."""
    token = secrets.token_urlsafe(32)
    with _lock:
        _links[token] = (time.monotonic() + LINK_SECONDS, tuple(run_ids))
        while len(_links) > _MAX_LINKS:
            _links.popitem(last=False)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    name = run_ids[0] if len(run_ids) == 1 else "fashion-mnist-runs"
    return f"{f'/{base}' if base else ''}/{PREFIX}/{token}/{quote(name)}.zip"


def take_bundle(token: str) -> tuple[str, ...]:
    """Return the ids of the runs that a link stands for, and forget it; none if it is unknown."""
    with _lock:
        deadline, run_ids = _links.pop(token, (0.0, ()))
    return run_ids if time.monotonic() < deadline else ()
