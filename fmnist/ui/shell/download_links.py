"""URLs from which a browser downloads a file, or runs as a zip file, piece by piece.

Streamlit's download button keeps the whole file in memory. So a large file gets its own URL:
random, given only to people with access, and valid for one download shortly after.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

import streamlit as st

PREFIX: Final = "downloads"

Content: TypeAlias = tuple[str, ...] | Path
"""The target of a link: the ids of runs, or a file."""

LINK_SECONDS: Final = 60.0
"""How long a link is valid; the browser follows it as soon as the page is drawn."""

_MAX_LINKS: Final = 2_000
"""Maximum number of links, a few kilobytes each; the oldest is dropped first."""

_lock = threading.Lock()
_links: OrderedDict[str, tuple[float, Content]] = OrderedDict()


def add_bundle_link(run_ids: Sequence[str]) -> str:
    """Return a new URL on this server for a zip file with these runs."""
    name = run_ids[0] if len(run_ids) == 1 else "fashion-mnist-runs"
    return _add_link(tuple(run_ids), f"{name}.zip")


def add_file_link(path: Path, name: str) -> str:
    """Return a new URL on this server for a file under another name."""
    return _add_link(path, name)


def take_content(token: str) -> Content:
    """Return the target of a link and drop it; no runs if it is unknown."""
    with _lock:
        deadline, content = _links.pop(token, (0.0, ()))
    return content if time.monotonic() < deadline else ()


def _add_link(content: Content, name: str) -> str:
    token = secrets.token_urlsafe(32)
    with _lock:
        _links[token] = (time.monotonic() + LINK_SECONDS, content)
        while len(_links) > _MAX_LINKS:
            _links.popitem(last=False)
    return build_address(f"{PREFIX}/{token}/{quote(name)}")


def build_address(path: str) -> str:
    """Return the URL on this server for a path of the program's own routes."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{f'/{base}' if base else ''}/{path}"
