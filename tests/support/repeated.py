"""Compressed files of gigabytes of repeated bytes, generated in a moment."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path


def deflate_repeated(start: bytes, block: bytes, times: int) -> bytes:
    """Return ``start`` and ``times`` blocks as a raw deflate stream, made in a moment.

    After a full flush nothing refers to what came before: the packed block is simply repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_start = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    packed_block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed_start + packed_block * times + packer.flush()


def gzip_repeated(start: bytes, block: bytes, times: int) -> bytes:
    """Return the same as a gzip file; its checksum is wrong, and comes last."""
    header = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"
    return header + deflate_repeated(start, block, times) + bytes(8)


def zip_repeated(path: Path, member: str, start: bytes, block: bytes, times: int) -> None:
    """Write the same as the one member of a zip; its checksum is also wrong."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, deflate_repeated(start, block, times))
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\1\2")
    for at in (8, directory + 10):
        struct.pack_into("<H", content, at, zipfile.ZIP_DEFLATED)
    size = min(len(start) + times * len(block), 0xFFFF_FFFE)
    struct.pack_into("<L", content, directory + 24, size)
    path.write_bytes(content)
