"""Escapes untrusted text, so that nothing in it becomes a picture, link, icon or colour.

Streamlit reads every label, caption and message as Markdown with its own directives. Names,
owners, notes, error texts, file names and URL values come from other people; whatever shows one
calls ``escape_markdown``, or a function of ``fmnist.ui.shell.messages``, which calls it.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 2000
"""Maximum number of characters shown of a text; error messages have a few hundred."""

LONGEST_NAME: Final = 80
"""Maximum number of characters shown of a name: the limit for run names."""

_BREAK: Final = "\N{WORD JOINER}"
"""Invisible. Links without brackets, emoji and icons are found in the text after it was parsed, so
that a backslash does not prevent them (mdast-util-gfm-autolink-literal, Streamlit's frontend)."""

_SPACE: Final = re.compile(r"\s+")
_UNSHOWABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BROKEN: Final = re.compile(
    r":(?=[^\W\d]|[/+-])|(?<!\d):(?=\d+:)|\bwww(?=\.)|@(?=[\w-])", re.IGNORECASE
)
_SPECIAL: Final = re.compile(r"[\\`*\[\]<>$~|&]|(?<![^\W_])_|_(?![^\W_])")
"""An underscore between two letters is not emphasis."""

_BLOCK: Final = re.compile(r"^(\d*)([#+=.)-])")


def escape_markdown(text: object, limit: int = LONGEST) -> str:
    """Return Markdown that shows a text literally, on one line.

    Args:
        text: any value, shown as its ``str``.
        limit: maximum number of characters; an ellipsis replaces the rest.
    """
    plain = _SPACE.sub(" ", shorten(str(text), limit)).strip()
    plain = _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", plain)
    broken = _BROKEN.sub(lambda found: found.group() + _BREAK, plain)
    return _BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", broken))


def shorten(text: str, limit: int = LONGEST_NAME) -> str:
    """Truncate a text to ``limit`` characters, without escaping it."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def escape_name(name: object) -> str:
    """Return Markdown that shows a name, truncated to the limit for names."""
    return escape_markdown(name, LONGEST_NAME)
