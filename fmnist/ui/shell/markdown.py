"""Text from outside, shown as it is: nothing in it becomes a picture, a link, an icon or a colour.

Streamlit reads every label, caption and message as Markdown with its own directives. Names,
owners, notes, error texts, file names and URL values come from other people; whatever shows one
calls ``escape_markdown``, or a function of ``fmnist.ui.shell.messages``, which calls it.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 2000
"""Characters of a text that are shown; error messages have a few hundred."""

LONGEST_NAME: Final = 80
"""Characters of a name that are shown: as many as the name of a run may have."""

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
    """Return Markdown that shows a text character by character, on one line.

    Args:
        text: any value; its ``str`` is shown.
        limit: number of characters that are shown; an ellipsis replaces the rest.
    """
    plain = _SPACE.sub(" ", shorten(str(text), limit)).strip()
    plain = _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", plain)
    broken = _BROKEN.sub(lambda found: found.group() + _BREAK, plain)
    return _BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", broken))


def shorten(text: str, limit: int = LONGEST_NAME) -> str:
    """Return a text, cut off after ``limit`` characters; it is not escaped."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def escape_name(name: object) -> str:
    """Return Markdown that shows a name, cut off if it is longer than any name may be."""
    return escape_markdown(name, LONGEST_NAME)
