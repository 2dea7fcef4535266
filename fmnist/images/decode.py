"""Decodes the bytes of a picture file to upright RGBA pixels, or raises ``ImageError``."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import warnings
from typing import Final

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageOps

from fmnist import settings
from fmnist.errors import ImageError, is_memory_error
from fmnist.images.records import Pixels
from fmnist.images.strips import keep_orientation, reduce_large, scale_deep

MAX_SIDE: Final = 640
"""Maximum side that is kept, in pixels: enough for a page, and 22 times the image's."""

FORMATS: Final = "PNG, JPEG, WebP, AVIF, HEIC, GIF, BMP or TIFF"
"""The most common supported formats, as listed on pages and in messages."""

_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_VECTOR_FORMATS: Final = frozenset({"EPS", "WMF"})  # for EPS, Pillow would start Ghostscript
_DEEP_MODES: Final = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
_TO_RGBA: Final = {"L": cv2.COLOR_GRAY2RGBA, "RGB": cv2.COLOR_RGB2RGBA}
_AVERAGED_MODES: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
_COPIED_MODES: Final = frozenset({"1", "P", "PA", "LA", "RGBA", "RGBa", "La"})
"""Modes in which Pillow copies the whole picture to reduce it."""

_LARGE_PIXELS: Final = 12_000_000
"""Size from which such a copy matters: 50 MB."""

_DECODER_BYTES: Final = {"WEBP": 16, "AVIF": 16}
"""Peak bytes per pixel of a format's decoder, if more than the picture's 4: its canvases, its
output and Pillow's copy."""

_MAX_DECODER_PIXELS: Final = 100_000_000
"""Maximum number of pixels that a decoder holds: 400 MB of ``settings.PICTURE_MEMORY_MB``."""

_VECTOR_REMEDY: Final = "is a vector graphic, which has no pixels: export it as PNG and try again."

_START_OF_SCAN: Final = 0xDA
_END_OF_IMAGE: Final = 0xD9

_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""The end of a JPEG scan: within one, 255 is followed by 0 or the number of a restart marker."""


def decode_picture(data: bytes, name: str) -> Pixels:
    """Decode a picture file to upright RGBA pixels, longest side at most ``MAX_SIDE``.

    The format is detected from the bytes, not the name. The EXIF orientation is applied and
    transparency is kept. Of an animation or a multi-page file, only the first frame is decoded.
    Grey pictures of more than 8 bits are scaled to 0–255 rather than clipped. The size, and a
    JPEG's number of scans, are checked before anything is decoded. Read uploaded files through
    ``PicturePool``, which also limits time and memory.

    Args:
        data: the whole file, at most ``settings.MAX_UPLOAD_BYTES``.
        name: the file's name, used only in messages.

    Returns:
        uint8 ``(h, w, 4)``, RGBA, alpha not premultiplied, h and w between 1 and ``MAX_SIDE``.

    Raises:
        ImageError: the file is empty, too large, truncated, or not a picture that Pillow reads.
        MemoryError: memory ran out.
    """
    check_size(len(data), name)
    with warnings.catch_warnings():  # of the whole process, which decodes one picture at a time
        warnings.simplefilter("ignore")
        with _open(data, name) as image:
            width, height = image.size
            copies = _DECODER_BYTES.get(image.format or "", 4) / 4
            most = min(settings.MAX_PICTURE_PIXELS, _MAX_DECODER_PIXELS / copies)
            if width * height > most:
                raise _too_many_pixels(name, f"{width:,} × {height:,} pixels", most)
            _check_scans(data, name)
            try:
                return _read_rgba(image)
            except Exception as error:  # plug-ins raise whatever broken bytes lead them to
                if is_memory_error(error):
                    raise MemoryError from error
                raise ImageError(
                    f"{name} ({image.format}) can't be decoded; it may be truncated or damaged:"
                    f" copy or download it again, or save it as PNG. ({error})"
                ) from error


def check_size(n_bytes: int, name: str) -> None:
    """Raise an ``ImageError`` if a picture file is empty or too large."""
    if n_bytes == 0:
        raise ImageError(f"{name} is empty (0 bytes): choose the picture again.")
    if n_bytes > settings.MAX_UPLOAD_BYTES:
        raise ImageError(
            f"{name} has {n_bytes / 2**20:.1f} MB; the limit is {settings.MAX_UPLOAD_MB} MB."
            f" Save it as JPEG or with at most {4 * MAX_SIDE:,} pixels per side, and choose it"
            " again."
        )


def _check_scans(data: bytes, name: str) -> None:
    """Raise an ``ImageError`` if a progressive JPEG has too many scans, each decoded in full."""
    n_scans = count_scans(data)
    if n_scans > settings.MAX_PICTURE_SCANS:
        raise ImageError(
            f"{name} is a progressive JPEG of {n_scans:,} scans, and the limit is"
            f" {settings.MAX_PICTURE_SCANS}: save it again as a plain JPEG or as PNG."
        )


def count_scans(data: bytes) -> int:
    """Return the number of scans in a JPEG file's main picture; 0 for other formats.

    Anything else in the file, such as a thumbnail or a video after its end, is not counted.
    """
    if data[:2] != b"\xff\xd8":
        return 0
    n_scans, place = 0, 2
    while found := _MARKER.search(data, place):
        marker, place = data[found.start() + 1], found.end()
        if marker == _END_OF_IMAGE:
            break
        n_scans += marker == _START_OF_SCAN
        place += int.from_bytes(data[place : place + 2], "big")
    return n_scans


def _open(data: bytes, name: str) -> Image.Image:
    """Open a file by its header alone; raise an ``ImageError`` if Pillow can't read it."""
    is_heic = data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS
    if is_heic:
        _register_heic(name)
    head = data[:1024].lstrip().lower()
    if b"<svg" in head or (name.lower().endswith((".svg", ".svgz")) and head[:2] != b"\x89p"):
        raise ImageError(f"{name} {_VECTOR_REMEDY}")
    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        most = settings.MAX_PICTURE_PIXELS
        limit = f"far more than {most / 1e6:.0f} million pixels"
        raise _too_many_pixels(name, limit, most) from error
    except Exception as error:  # plug-ins raise whatever broken bytes lead them to
        if is_memory_error(error):
            raise MemoryError from error
        raise ImageError(f"{name} is not a supported picture: choose a {FORMATS} file.") from error
    if image.format in _VECTOR_FORMATS:
        raise ImageError(f"{name} {_VECTOR_REMEDY}")
    return image


def _register_heic(name: str) -> None:
    """Register HEIC with Pillow when the first HEIC file arrives, since few pictures need it."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise ImageError(
            f"{name} is a HEIC photo, and HEIC cannot be read on this computer:"
            " save the photo as JPEG and choose it again."
        ) from error


def _too_many_pixels(name: str, size: str, most: float) -> ImageError:
    return ImageError(
        f"{name} has {size}, and the limit for its format is {most / 1e6:.0f} million pixels:"
        " reduce its size and try again."
    )


def _read_rgba(image: Image.Image) -> Pixels:
    """Decode, reduce, rotate and convert a picture, in the cheapest order.

    Fifty megapixels take 200 MB in most modes, so they are reduced before they are copied.
    """
    limit = (MAX_SIDE, MAX_SIDE)
    image.draft(None, limit)  # JPEG decodes at 1/2, 1/4 or 1/8; other formats ignore it
    image.load()
    if image.mode in _DEEP_MODES:
        image = scale_deep(image)
    elif image.mode in _COPIED_MODES and image.width * image.height > _LARGE_PIXELS:
        image = reduce_large(image, 2 * MAX_SIDE)
    if image.mode in _TO_RGBA and max(image.size) > MAX_SIDE:
        reduced = _reduce_opaque(image)
        if _is_upright(image):  # without the four copies that Pillow makes on its way to RGBA
            return np.asarray(cv2.cvtColor(reduced, _TO_RGBA[image.mode]))
        image = keep_orientation(image, Image.fromarray(reduced))
    if image.mode in _AVERAGED_MODES:
        image.thumbnail(limit, Image.Resampling.BOX, reducing_gap=None)
    upright = _turn_upright(image)
    if upright.mode not in {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "La"}:
        upright = upright.convert("RGB")  # CMYK, YCbCr, HSV and LAB don't convert to RGBA directly
    rgba = upright.convert("RGBA")
    rgba.thumbnail(limit, Image.Resampling.BOX, reducing_gap=None)
    return np.array(rgba, dtype=np.uint8)


def _reduce_opaque(image: Image.Image) -> Pixels:
    """Reduce a picture by an integer factor with averaging, then by up to half with interpolation.

    Averaging by a fractional factor takes five times as long and looks no better.

    Returns:
        uint8 ``(h, w)`` or ``(h, w, 3)``, not turned upright.
    """
    factor = max(image.size) // MAX_SIDE
    whole = image.reduce(factor) if factor > 1 else image
    scale = MAX_SIDE / max(image.size)
    size = [max(1, round(scale * side)) for side in image.size]
    return np.asarray(cv2.resize(np.asarray(whole), size, interpolation=cv2.INTER_LINEAR))


def _is_upright(image: Image.Image) -> bool:
    with contextlib.suppress(Exception):  # a damaged EXIF block is ignored
        return bool(image.getexif().get(ExifTags.Base.Orientation, 1) == 1)
    return True


def _turn_upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception as error:
        if is_memory_error(error):
            raise
        return image  # a damaged EXIF block must not make the picture unreadable
