"""Bad pictures, each reproducible from its number: damaged, misleading, slow or huge."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image

from tests.support.fuzz import SEED
from tests.support.hard_pictures import build_many_scans, build_stripes

FORMATS = {
    "JPEG": {"quality": 80},
    "PNG": {},
    "GIF": {},
    "TIFF": {"compression": "tiff_adobe_deflate"},
    "WEBP": {"quality": 60},
    "BMP": {},
    "HEIF": {"quality": 60},
    "AVIF": {"quality": 60},
}


def build_picture(number: int) -> tuple[str, bytes]:
    """Return the name and content of one bad picture; always the same for a number."""
    rng = np.random.default_rng(SEED + number)
    kind = _KINDS[number % len(_KINDS)]
    return f"{number}-{kind.__name__.strip('_')}", kind(rng)


@cache
def _healthy(format: str, side: int = 64) -> bytes:
    pillow_heif.register_heif_opener()
    rng = np.random.default_rng(SEED)
    picture = np.full((side, side, 3), 230, np.uint8)
    picture[side // 4 : -side // 4, side // 3 : -side // 3] = rng.integers(0, 160, 3)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format, **FORMATS[format])
    return file.getvalue()


def _choose(rng: np.random.Generator) -> bytes:
    return _healthy(list(FORMATS)[rng.integers(len(FORMATS))])


def _flipped_bytes(rng: np.random.Generator) -> bytes:
    data = np.frombuffer(_choose(rng), np.uint8).copy()
    places = rng.integers(0, len(data), rng.integers(1, 12))
    data[places] = rng.integers(0, 256, len(places))
    return data.tobytes()


def _flipped_header(rng: np.random.Generator) -> bytes:
    data = np.frombuffer(_choose(rng), np.uint8).copy()
    places = rng.integers(2, min(200, len(data)), rng.integers(1, 8))
    data[places] = rng.choice(np.array([0, 1, 127, 128, 254, 255], np.uint8), len(places))
    return data.tobytes()


def _cut_short(rng: np.random.Generator) -> bytes:
    data = _choose(rng)
    return data[: rng.integers(1, len(data))]


def _glued(rng: np.random.Generator) -> bytes:
    one, other = _choose(rng), _choose(rng)
    return one[: rng.integers(4, len(one))] + other[rng.integers(0, len(other)) :]


def _noise_after_magic(rng: np.random.Generator) -> bytes:
    head = _choose(rng)[: rng.integers(2, 40)]
    return head + rng.bytes(int(rng.integers(1, 20_000)))


def _huge_png(rng: np.random.Generator) -> bytes:
    """A header of a huge size, of any bit depth and colour type, over little data."""
    side = rng.integers(1, 40_000, 2)
    bits, colour = rng.choice([1, 2, 4, 8, 16]), rng.choice([0, 2, 3, 4, 6])
    body = struct.pack(">IIBBBBB", *side, bits, colour, 0, 0, int(rng.integers(2)))
    parts = [(b"IHDR", body), (b"IDAT", zlib.compress(bytes(200_000), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in parts
    )


def _huge_tiff(rng: np.random.Generator) -> bytes:
    """Up to fifty megapixels of one tone, in any mode."""
    mode = str(rng.choice(["F", "I", "I;16", "L", "RGB", "RGBA", "CMYK", "1", "LAB"]))
    width = int(rng.integers(1_000, 7_500))
    file = io.BytesIO()
    Image.new(mode, (width, int(rng.integers(500, 6_000)))).save(
        file, "TIFF", compression="tiff_adobe_deflate"
    )
    return file.getvalue()


def _lying_bmp(rng: np.random.Generator) -> bytes:
    data = bytearray(_healthy("BMP"))
    data[18:26] = struct.pack("<ii", *rng.integers(-60_000, 60_000, 2))
    return bytes(data)


def _many_scans(rng: np.random.Generator) -> bytes:
    return build_many_scans(int(rng.integers(20, 3_000)))


def _many_frames(rng: np.random.Generator) -> bytes:
    frames = [
        Image.fromarray(rng.integers(0, 255, (24, 24), np.uint8))
        for _ in range(int(rng.integers(50, 300)))
    ]
    file = io.BytesIO()
    kind = str(rng.choice(["GIF", "TIFF", "PNG"]))
    frames[0].save(file, kind, save_all=True, append_images=frames[1:])
    return file.getvalue()


def _pattern(rng: np.random.Generator) -> bytes:
    """Stripes, grids and noise, in which the segmentation finds no edges or too many."""
    side = int(rng.integers(20, 640))
    y, x = np.mgrid[0:side, 0:side]
    across, down = rng.integers(1, 9, 2)
    picture = {
        0: np.where(x // across % 2 == 0, 0, 255),
        1: np.where((x // across % 2 == 0) & (y // down % 2 == 0), 0, 255),
        2: rng.integers(0, 256, (side, side)),
        3: (x * across + y * down) % 256,
        4: np.where(rng.random((side, side)) < 0.5, 0, 255),
    }[int(rng.integers(5))]
    file = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def _extreme_shape(rng: np.random.Generator) -> bytes:
    size = [int(rng.integers(1, 4)), int(rng.integers(1, 60_000))]
    rng.shuffle(size)
    file = io.BytesIO()
    Image.new("RGB", tuple(size), tuple(rng.integers(0, 256, 3).tolist())).save(file, "PNG")
    return file.getvalue()


def _stripes(rng: np.random.Generator) -> bytes:
    return build_stripes(int(rng.integers(200, 700)))


_DAMAGE: tuple[Callable[[np.random.Generator], bytes], ...] = (
    _flipped_bytes, _flipped_header, _cut_short, _glued, _noise_after_magic,
)  # fmt: skip
_KINDS = (
    *_DAMAGE * 6, _huge_png, _huge_png, _huge_tiff, _lying_bmp, _lying_bmp, _many_scans,
    _many_frames, *[_pattern] * 8, _extreme_shape, _extreme_shape, _extreme_shape, _stripes,
    *_DAMAGE,
)  # fmt: skip
