"""The functions that a picture worker answers with: it decodes and segments uploaded files."""

from __future__ import annotations

from typing import Final

import cv2
import psutil

from fmnist import settings
from fmnist.images.decode import decode_picture
from fmnist.images.encode import encode_png
from fmnist.images.pipeline import prepare_picture
from fmnist.images.records import Overrides, Pixels, ReadPicture, WayOfReading

_SMALL_SHARE: Final = 1
"""Share of a picture's bytes in memory: a file up to that size is kept as it is. PNG brings a photo
to about half: a small gain, for more time than its segmentation takes."""


def warm() -> bool:
    """Limit memory and threads; importing this module has loaded the libraries."""
    limit_memory(settings.PICTURE_MEMORY_MB)
    cv2.setNumThreads(1)  # there are as many workers as cores
    return True


def read(
    source: bytes | Pixels, name: str, kind: WayOfReading, overrides: Overrides
) -> ReadPicture:
    """Decode and segment one picture; see ``PicturePool.read``."""
    picture = decode_picture(source, name) if isinstance(source, bytes) else source
    prepared = prepare_picture(picture, kind, overrides)
    is_large = isinstance(source, bytes) and len(source) > _SMALL_SHARE * picture.nbytes
    return ReadPicture(picture, prepared, encode_picture(picture) if is_large else None)


def encode_picture(picture: Pixels) -> bytes:
    """Return a PNG file of RGBA pixels, from which ``decode_picture`` gives the same pixels."""
    return encode_png(picture[..., :3] if picture[..., 3].min() == 255 else picture)


def limit_memory(megabytes: int) -> None:
    """Let allocations fail once this process takes that much, where the platform can do so.

    Linux counts reserved memory, of which libraries use a part only: the limit is what is
    reserved now and what is left of ``megabytes`` after what is used now.
    """
    used = psutil.Process().memory_info()
    reserved = getattr(used, "data", None)
    if reserved is None:  # not Linux
        return
    import resource

    room = max(0, megabytes * 1_000_000 - used.rss)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (reserved + room, hard))
