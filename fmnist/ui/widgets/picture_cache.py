"""Prepared pictures, cached: a click on a page must not decode and segment them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock
from typing import Final, Literal

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from fmnist.images import Overrides, Prepared, prepare_picture

Kinds = Literal["auto", "photo", "drawing"]
Picture = NDArray[np.uint8]

_KEPT_BYTES: Final = 150_000_000
"""Enough for a hundred photos with their steps, as many as a person uploads at once."""


def _measure(read: tuple[Picture, Prepared]) -> int:
    picture, prepared = read
    steps = sum(step.picture.nbytes for step in prepared.steps)
    return picture.nbytes + steps + sum(mask.nbytes for mask in prepared.candidates)


def _identify(
    source: bytes | Picture,
    _decode: object,
    kind: Kinds,
    overrides: Overrides = Overrides(),  # noqa: B008
) -> tuple[object, ...]:
    shape = source.shape if isinstance(source, np.ndarray) else ()
    data = source.tobytes() if isinstance(source, np.ndarray) else source
    return hashlib.blake2b(data, digest_size=16).digest(), shape, kind, overrides


@cached(LRUCache(_KEPT_BYTES, _measure), key=_identify, lock=Lock())
def read_picture(
    source: bytes | Picture,  # noqa: ARG001 - it is the key
    decode: Callable[[], Picture],
    kind: Kinds,
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
) -> tuple[Picture, Prepared]:
    """Return a picture, RGBA ``(h, w, 4)``, and the image prepared from it; cached.

    Args:
        source: what identifies the picture: a file's bytes, or the picture itself.
        decode: returns the picture.
        kind: how to segment it.
        overrides: what a person decided instead of the pipeline.

    Raises:
        ImageError: as ``decode`` and ``prepare_picture``.
    """
    picture = decode()
    return picture, prepare_picture(picture, kind, overrides)
