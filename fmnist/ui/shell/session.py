"""A short name for the person who uses this browser session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import streamlit as st

from fmnist import settings
from fmnist.ui.shell.access import find_visitor
from fmnist.ui.shell.page_state import get_state

_MOODS: Final = (
    "brave", "brisk", "calm", "clever", "cosy", "daring", "eager", "fair", "gentle", "glad",
    "happy", "jolly", "keen", "kind", "lively", "loyal", "lucky", "merry", "mild", "neat",
    "noble", "patient", "proud", "quick", "quiet", "sharp", "steady", "sunny", "swift", "tidy",
    "warm", "wise",
)  # fmt: skip
_ANIMALS: Final = (
    "badger", "bat", "bear", "beaver", "bee", "crane", "crow", "deer", "dove", "duck", "eagle",
    "falcon", "ferret", "finch", "fox", "frog", "goose", "hare", "hawk", "heron", "lark", "lynx",
    "mole", "mouse", "newt", "otter", "owl", "raven", "robin", "seal", "swan", "wren",
)  # fmt: skip

_COOKIE: Final = "_streamlit_xsrf"


@dataclass
class _Token:
    """Identifies a session whose browser sent no cookie."""

    value: str = field(default_factory=partial(secrets.token_hex, 16))


def get_owner() -> str:
    """Return the name of this browser session, such as ``keen otter 42``.

    It is derived from the random cookie that Streamlit gives a browser until that is closed, so
    it survives a reload; without the cookie, it lasts as long as the page. In classroom mode it is
    the name of the person who is signed in, empty for a guest.
    """
    if settings.is_classroom():
        person = find_visitor()
        return person.name if person else ""
    token = _read_token(st.context.cookies.get(_COOKIE, ""))
    if not token:
        token = get_state(_Token).value
    return name_session(token)


def name_session(token: str) -> str:
    """Return one of 102,400 names, fixed for a token, from which the token can't be derived."""
    digest = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8], "big")
    digest, number = divmod(digest, 100)
    digest, mood = divmod(digest, len(_MOODS))
    return f"{_MOODS[mood]} {_ANIMALS[digest % len(_ANIMALS)]} {number:02d}"


def describe_owner(owner: str) -> str:
    """Return the owner in words: ``you`` for the own session, ``unknown`` without a name."""
    return "you" if owner and owner == get_owner() else owner or "unknown"


def _read_token(cookie: str) -> str:
    """Return the cookie's token; each response masks it differently: ``2|mask|token|time``."""
    parts = cookie.strip("\"'").split("|")
    if len(parts) != 4:
        return ""
    try:
        mask, token = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
    except ValueError:
        return ""
    if not mask:
        return ""
    return bytes(byte ^ mask[i % len(mask)] for i, byte in enumerate(token)).hex()
