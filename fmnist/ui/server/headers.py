"""The security headers of every response."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def build_headers() -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers, as ASGI sends them.

    Pictures, scripts, styles and connections come only from this server, so that no text on a page
    makes a browser contact another server. No other site may embed a page in a frame.
    """
    scripts = " ".join(f"'sha256-{digest}'" for digest in _hash_inline_scripts())
    policy = {
        "default-src": "'self'",
        # Components made from text are imported from blobs.
        "script-src": f"'self' blob: {scripts}".rstrip(),
        # Streamlit writes its styles into the page; so does the canvas.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' data: blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Frame-Options": "SAMEORIGIN",  # for browsers that don't know frame-ancestors
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


def _hash_inline_scripts() -> list[str]:
    """Return the SHA-256 of each script within Streamlit's own page, in base64."""
    page = Path(st.__file__).parent / "static" / "index.html"
    scripts = _SCRIPT.findall(page.read_text("utf-8"))
    return [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
