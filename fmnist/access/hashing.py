"""Hashes secrets, and compares them in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

SCRYPT_N: Final = 2**14
"""Cost: 16 MB and about 50 ms per guess (RFC 7914's figure for interactive sign-in)."""

_BLOCK: Final = 8
_SALT_BYTES: Final = 16
_MEMORY: Final = 64 * 2**20
"""Memory limit of OpenSSL in bytes: 128 × N × block is 16 MiB, close to its default limit."""


def hash_secret(secret: str) -> str:
    """Return ``N$salt$digest`` of a PIN or code, by scrypt with a random salt."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return f"{SCRYPT_N}${salt.hex()}${_derive(secret, salt, SCRYPT_N).hex()}"


def is_secret(secret: str, hashed: str) -> bool:
    """Return whether a secret matches the hash from ``hash_secret``."""
    cost, salt, digest = hashed.split("$")
    derived = _derive(secret, bytes.fromhex(salt), int(cost))
    return hmac.compare_digest(derived, bytes.fromhex(digest))


def hash_token(token: str) -> str:
    """Return the SHA-256 of a session's random token, its key in the database.

    A token has 128 random bits, too many to guess, so it doesn't need a slow hash. It is looked up
    on every click.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def _derive(secret: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=cost, r=_BLOCK, p=1, maxmem=_MEMORY)
