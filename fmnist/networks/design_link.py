"""Converts an architecture to a short text that fits into a URL, and back."""

from __future__ import annotations

import base64
import binascii
import zlib

from fmnist.errors import RecipeError
from fmnist.runs.architecture import (
    MAX_ARCHITECTURE_TEXT,
    Architecture,
    parse_architecture,
    write_architecture,
)


def encode_design(layers: Architecture) -> str:
    """Return an architecture as URL-safe text: its JSON, compressed; about 200 characters."""
    packed = zlib.compress(write_architecture(layers).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_design(text: str) -> Architecture:
    """Read the text of ``encode_design``; decompresses at most the size of an architecture.

    Raises:
        RecipeError: the text is anything else.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        content = zlib.decompressobj().decompress(packed, MAX_ARCHITECTURE_TEXT + 1)
        return parse_architecture(content)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise RecipeError(
            "The design in the address can't be read, so it was cut off or changed. Ask for it "
            "as a JSON file."
        ) from error
