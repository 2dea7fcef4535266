"""Pictures that were read already: a click on a page must not decode and cut them out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock
from typing import Final, Literal

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fmnist.images import Prepared, Wishes, prepare_picture

Kinds = Literal["auto", "photo", "drawing"]
Picture = NDArray[np.uint8]

_KEPT_BYTES: Final = 150_000_000
"""A hundred photos, as many as a person brings at once, with their steps."""


def _measure(read: tuple[Picture, Prepared]) -> int:
    picture, prepared = read
    steps = sum(step.picture.nbytes for step in prepared.steps)
    return picture.nbytes + steps + sum(mask.nbytes for mask in prepared.candidates)


_READ: LRUCache[tuple[object, ...], tuple[Picture, Prepared]] = LRUCache(_KEPT_BYTES, _measure)
_LOCK: Final = Lock()


def read_picture(
    source: bytes | Picture,
    decode: Callable[[], Picture],
    kind: Kinds,
    wishes: Wishes = Wishes(),  # noqa: B008 - it is frozen
) -> tuple[Picture, Prepared]:
    """Return a picture, RGBA ``(h, w, 4)``, and what became of it; remembered for a while.

    Args:
        source: tells pictures from one another: a file's bytes, or the picture itself.
        decode: gives the picture.
        kind: how to read it.
        wishes: what a person wants otherwise.

    Raises:
        ImageError: as ``decode`` and ``prepare_picture``.
    """
    shape = source.shape if isinstance(source, np.ndarray) else ()
    data = source.tobytes() if isinstance(source, np.ndarray) else source
    key = (hashlib.blake2b(data, digest_size=16).digest(), shape, kind, wishes)
    with _LOCK:
        known = _READ.get(key)
    if known is not None:
        return known
    picture = decode()
    read = picture, prepare_picture(picture, kind, wishes)
    if _measure(read) <= _KEPT_BYTES:
        with _LOCK:
            _READ[key] = read
    return read
