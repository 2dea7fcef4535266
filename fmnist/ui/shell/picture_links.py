"""Addresses of pictures that are the same for everyone, named by their content.

Within a page, such a picture is sent again to every new session; by its address, a browser keeps
it. Nothing here is secret: whoever reaches the server may look at the data as a guest.
"""

from __future__ import annotations

import hashlib
from threading import Lock
from typing import Final

from cachetools import LRUCache

from fmnist.ui.shell.download_links import build_address

PREFIX: Final = "pictures"

KEPT_BYTES: Final = 4_000_000
"""Size of all pictures kept; a page adds its own with every run, so that those in use stay."""

_lock = Lock()
_pictures: LRUCache[str, bytes] = LRUCache(KEPT_BYTES, len)


def add_picture(content: bytes) -> str:
    """Return the URL on this server of a PNG file, which must be smaller than ``KEPT_BYTES``."""
    name = hashlib.blake2b(content, digest_size=16).hexdigest()
    with _lock:
        _pictures[name] = content
    return build_address(f"{PREFIX}/{name}.png")


def find_picture(name: str) -> bytes | None:
    """Return the PNG file of that name, or None if there is none, or no longer."""
    with _lock:
        return _pictures.get(name)
