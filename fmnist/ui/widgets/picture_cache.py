"""A cache of decoded and segmented pictures, so that clicks on a page do not repeat that work.

An entry belongs to the sessions that requested it, and is dropped with the last of them.
"""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final, TypeAlias

import numpy as np
from cachetools import LRUCache, TTLCache

from fmnist.errors import ImageError
from fmnist.images import KindChoice, LoadedPicture, Overrides
from fmnist.images.records import Pixels

_KEPT_BYTES: Final = 150_000_000
"""Enough for a hundred photos with their steps, as many as one upload may contain."""

_ERROR_SECONDS: Final = 60
"""How long an error is cached: clicks on a page don't read the picture again, but a later attempt,
after closing other programs, does."""

_Key: TypeAlias = tuple[object, ...]


@dataclass(eq=False)
class PictureOwner:
    """Represents a session; stored in the session's page state.

    Attributes:
        keys: the keys of the pictures requested by the session.
    """

    keys: set[_Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        _OWNERS.add(self)
        weakref.finalize(self, _LEFT_BEHIND.put, self.keys)


def _measure(read: LoadedPicture) -> int:
    steps = sum(step.picture.nbytes for step in read.prepared.steps)
    masks = sum(mask.nbytes for mask in read.prepared.candidates)
    return read.picture.nbytes + steps + masks + len(read.reduced or b"")


_PICTURES: Final[LRUCache[_Key, LoadedPicture]] = LRUCache(_KEPT_BYTES, _measure)
_ERRORS: Final[TTLCache[_Key, str]] = TTLCache(256, _ERROR_SECONDS)
_ORIGINALS: Final[LRUCache[bytes, bytes]] = LRUCache(1_024)
"""Maps the digest of a reduced picture to that of the file it was read from."""

_BEING_READ: Final[set[_Key]] = set()
_CHANGED: Final = threading.Condition()
"""Guards everything above; notified when a picture has been read."""

_OWNERS: Final[weakref.WeakSet[PictureOwner]] = weakref.WeakSet()
_LEFT_BEHIND: Final[SimpleQueue[set[_Key]]] = SimpleQueue()


def _free_ended_sessions() -> None:
    """Drop the pictures of ended sessions, unless another session requested them too.

    Runs in a separate thread: a session may end at any moment, even while this cache is in use.
    """
    while True:
        keys = _LEFT_BEHIND.get()
        with _CHANGED:
            for key in keys - set().union(*(owner.keys for owner in _OWNERS)):
                _PICTURES.pop(key, None)


threading.Thread(target=_free_ended_sessions, daemon=True).start()


def _digest(source: bytes | Pixels) -> bytes:
    data = np.ascontiguousarray(source).data if isinstance(source, np.ndarray) else source
    return hashlib.blake2b(data, digest_size=16).digest()


def _identify(source: bytes | Pixels, kind: KindChoice, overrides: Overrides) -> _Key:
    digest = _digest(source)
    shape = source.shape if isinstance(source, np.ndarray) else ()
    return _ORIGINALS.get(digest, digest), shape, kind, overrides


def read_picture(
    owner: PictureOwner,
    source: bytes | Pixels,
    read: Callable[[], LoadedPicture],
    kind: KindChoice,
    overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
    *,
    name: str = "",
) -> LoadedPicture:
    """Return a picture and the image prepared from it; cached.

    Sessions that request the same picture at the same time share one computation.

    Args:
        owner: the owner of the requesting session.
        source: identifies the picture: a file's bytes (or its ``LoadedPicture.reduced``), or its
            pixels.
        read: reads the picture if it isn't cached.
        kind: how to segment it.
        overrides: decisions made by a person.
        name: the picture's name in errors; a cached error with another person's name for the same
            bytes is not reused.

    Raises:
        ImageError: as ``read``; cached for a minute.
    """
    with _CHANGED:
        key = _identify(source, kind, overrides)
        _CHANGED.wait_for(lambda: key not in _BEING_READ)
        owner.keys.add(key)
        if key in _PICTURES:
            return _PICTURES[key]
        if (*key, name) in _ERRORS:
            raise ImageError(_ERRORS[*key, name])
        _BEING_READ.add(key)
    try:
        result = read()
    except ImageError as error:
        with _CHANGED:
            _ERRORS[*key, name] = str(error)
        raise
    else:
        with _CHANGED:
            if _measure(result) <= _KEPT_BYTES:
                _PICTURES[key] = result
            if result.reduced is not None and isinstance(source, bytes):
                _ORIGINALS[_digest(result.reduced)] = _digest(source)
        return result
    finally:
        with _CHANGED:
            _BEING_READ.discard(key)
            _CHANGED.notify_all()
