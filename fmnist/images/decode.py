"""Bytes of a picture file become upright RGBA pixels, or an ``ImageError`` with the remedy."""

from __future__ import annotations

import importlib
import io
import threading
import warnings
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images.records import Pixels

MAX_SIDE: Final = 640
"""Longest side kept, in pixels: enough to show on a page, and 22 times what the network sees."""

FORMATS: Final = "PNG, JPEG, WebP, HEIC, GIF, BMP or TIFF"
"""The usual formats among those that are read, as pages and messages list them."""

_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_VECTOR_FORMATS: Final = frozenset({"EPS", "WMF"})  # Pillow would start Ghostscript for EPS
_DEEP_MODES: Final = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})
_AVERAGED_MODES: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
_DEEP_TOPS: Final = (1023.0, 4095.0, 16383.0, 65535.0, 2147483647.0)  # 10 to 31 bits a pixel
_VECTOR_REMEDY: Final = "is a vector drawing, which has no pixels: export it as PNG and try again."

# `catch_warnings` changes the filters of the whole process, so two pages must not do it at once.
_WARNINGS_LOCK: Final = threading.Lock()


def decode_picture(data: bytes, name: str) -> Pixels:
    """Decode a picture file into upright RGBA pixels, longest side at most ``MAX_SIDE``.

    The format is found from the bytes, not from the name. The EXIF orientation is applied,
    transparency is kept, an animation or a file of many pages gives its first frame, and grey
    pictures of more than 8 bits are scaled to 0–255 rather than clipped. The size is read from
    the header, before anything is decoded.

    Args:
        data: The whole file, at most ``settings.MAX_UPLOAD_BYTES``.
        name: What the user calls the file; only used in messages.

    Returns:
        uint8 ``(h, w, 4)``, RGBA, alpha not premultiplied, h and w between 1 and ``MAX_SIDE``.

    Raises:
        ImageError: The file is empty, too large, truncated or not a picture Pillow reads.
    """
    if not data:
        raise ImageError(f"{name} is empty (0 bytes): choose the picture again.")
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise ImageError(
            f"{name} has {len(data) / 2**20:.1f} MB; the limit is {settings.MAX_UPLOAD_MB} MB."
            f" Save it as JPEG or with at most {4 * MAX_SIDE:,} pixels a side, and choose it again."
        )
    with _WARNINGS_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _open(data, name) as image:
            width, height = image.size
            if width * height > settings.MAX_PICTURE_PIXELS:
                raise _too_many_pixels(name, f"{width:,} × {height:,} pixels")
            try:
                return _read_rgba(image)
            except Exception as error:  # plug-ins raise whatever broken bytes lead them to
                raise ImageError(
                    f"{name} ({image.format}) can't be decoded, it may be cut short or damaged:"
                    f" copy or download it again, or save it as PNG. ({error})"
                ) from error


def _open(data: bytes, name: str) -> Image.Image:
    """Open the file by its header alone, naming what it is where Pillow can't read it."""
    is_heic = data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS
    if is_heic:
        _register_heic(name)
    head = data[:1024].lstrip().lower()
    if b"<svg" in head or (name.lower().endswith((".svg", ".svgz")) and head[:2] != b"\x89p"):
        raise ImageError(f"{name} {_VECTOR_REMEDY}")
    try:
        image = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        limit = f"far more than {settings.MAX_PICTURE_PIXELS / 1e6:.0f} million pixels"
        raise _too_many_pixels(name, limit) from error
    except Exception as error:  # plug-ins raise whatever broken bytes lead them to
        raise ImageError(
            f"{name} is not a picture that can be read here: choose a {FORMATS} file."
        ) from error
    if image.format in _VECTOR_FORMATS:
        raise ImageError(f"{name} {_VECTOR_REMEDY}")
    return image


def _register_heic(name: str) -> None:
    """Teach Pillow to read HEIC, only once a HEIC file comes: few pictures need it."""
    try:
        importlib.import_module("pillow_heif").register_heif_opener()
    except ImportError as error:
        raise ImageError(
            f"{name} is a HEIC photo, and HEIC cannot be read on this computer:"
            " save the photo as JPEG and choose it again."
        ) from error


def _too_many_pixels(name: str, size: str) -> ImageError:
    return ImageError(
        f"{name} has {size}, and the limit is {settings.MAX_PICTURE_PIXELS / 1e6:.0f} million"
        " pixels: save it smaller and try again."
    )


def _read_rgba(image: Image.Image) -> Pixels:
    """Decode, reduce, turn upright and convert, in the order that costs least."""
    limit = (MAX_SIDE, MAX_SIDE)
    image.draft(None, limit)  # JPEG decodes at 1/2, 1/4 or 1/8; others ignore it
    image.load()
    if image.mode in _AVERAGED_MODES:  # before any copy: 50 megapixels take 200 MB each
        image.thumbnail(limit, Image.Resampling.BOX, reducing_gap=None)
    upright = _turn_upright(image)
    if upright.mode in _DEEP_MODES:
        upright = Image.fromarray(_scale_deep(np.asarray(upright)))
    elif upright.mode not in {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "La"}:
        upright = upright.convert("RGB")  # CMYK, YCbCr, HSV and LAB have no direct way to RGBA
    rgba = upright.convert("RGBA")
    rgba.thumbnail(limit, Image.Resampling.BOX, reducing_gap=None)
    return np.array(rgba, dtype=np.uint8)


def _turn_upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - a damaged EXIF block must not spoil a picture that decodes
        return image


def _scale_deep(values: np.ndarray) -> Pixels:
    """Scale grey values of 16 bits, 32 bits or floating point to 0–255.

    The scale is the smallest usual white point (10, 12, 14, 16, 31 bits; 1.0 or 255 for floats)
    that holds every value; values below zero or beyond all of these are scaled by their own range.
    """
    finite = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    tops = (1.0, 255.0, *_DEEP_TOPS) if values.dtype.kind == "f" else (255.0, *_DEEP_TOPS)
    top = next((top for top in tops if high <= top), None)
    if low < 0 or top is None:
        finite, top = finite - low, high - low
    return np.round(finite * (255.0 / top)).astype(np.uint8)
