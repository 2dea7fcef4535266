"""The official files of Fashion-MNIST: where they are published, their sizes and checksums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIRRORS: Final = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
)
"""The official bucket, then the copy in the authors' repository, each with a slash at the end."""


@dataclass(frozen=True)
class OfficialFile:
    """A published file: its size in bytes and its MD5 as hex."""

    name: str
    size: int
    md5: str


OFFICIAL_FILES: Final = (
    OfficialFile("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    OfficialFile("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
    OfficialFile("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
    OfficialFile("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
)
"""Source of the checksums: the table in github.com/zalandoresearch/fashion-mnist's README."""
