"""The functions of a picture worker: it decodes and segments uploaded files."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import psutil

from fmnist import settings
from fmnist.images.decode import decode_picture
from fmnist.images.encode import encode_png
from fmnist.images.pipeline import prepare_picture
from fmnist.images.records import KindChoice, LoadedPicture, Overrides, Pixels

_SMALL_SHARE: Final = 1
"""Files up to this fraction of the decoded size are kept as they are. PNG halves a photo at best,
and encoding takes longer than segmenting it."""


def warm() -> bool:
    """Limit memory and threads, and read a photo, as the first one takes three times as long.

    OpenCV builds its colour tables then, and Pillow imports its formats.
    """
    cv2.setNumThreads(1)  # the workers use all cores
    rng = np.random.default_rng(0)
    photo = rng.integers(140, 160, (96, 80, 3)).astype(np.uint8)
    photo[20:76, 20:60] //= 3
    read(encode_png(photo), "", "photo", Overrides())
    limit_memory(settings.PICTURE_MEMORY_MB)
    return True


def read(
    source: bytes | Pixels, name: str, kind: KindChoice, overrides: Overrides
) -> LoadedPicture:
    """Decode and segment one picture; see ``PicturePool.read``."""
    picture = decode_picture(source, name) if isinstance(source, bytes) else source
    prepared = prepare_picture(picture, kind, overrides)
    is_large = isinstance(source, bytes) and len(source) > _SMALL_SHARE * picture.nbytes
    return LoadedPicture(picture, prepared, encode_picture(picture) if is_large else None)


def encode_picture(picture: Pixels) -> bytes:
    """Return RGBA pixels as a PNG file that ``decode_picture`` restores exactly."""
    return encode_png(picture[..., :3] if picture[..., 3].min() == 255 else picture)


def limit_memory(megabytes: int) -> None:
    """Make allocations fail once this process uses that much memory, where the platform allows it.

    Linux counts reserved memory, only part of which libraries use. So the limit is what is reserved
    now plus what is left of ``megabytes`` after current use.
    """
    used = psutil.Process().memory_info()
    reserved = getattr(used, "data", None)
    if reserved is None:  # not Linux
        return
    import resource

    room = max(0, megabytes * 1_000_000 - used.rss)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (reserved + room, hard))
