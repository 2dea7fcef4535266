"""The background of a picture: behind transparency, white, black, or the border's colour."""

from __future__ import annotations

from typing import Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import Pixels
from fmnist.images.segment.parameters import BACKGROUND

LUMINANCE: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Weights of red, green and blue in grey, ITU-R BT.601, as Pillow's ``convert("L")`` has them."""

Number = TypeVar("Number", np.bool_, np.uint8, np.int32, np.float32)


def flatten_alpha(rgba: Pixels) -> tuple[Pixels, int | None]:
    """Composite a picture onto a plain background that contrasts with its opaque parts.

    Args:
        rgba: uint8 ``(h, w, 4)``, alpha not premultiplied.

    Returns:
        uint8 ``(h, w, 3)``, and the grey value of the background; None if the picture is opaque.
    """
    rgb = rgba[..., :3]
    if rgba[..., 3].min() == 255:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgba), cv2.COLOR_RGBA2RGB)), None
    alpha = rgba[..., 3:].astype(np.float32) / 255.0
    opaque = compute_grey(rgb)[alpha[..., 0] > 0.5]
    grey = BACKGROUND.greys[0]
    if opaque.size:
        distances = [float(np.percentile(np.abs(opaque - value), 5)) for value in BACKGROUND.greys]
        grey = BACKGROUND.greys[int(np.argmax(distances))]
    return np.round(rgb * alpha + grey * (1.0 - alpha)).astype(np.uint8), grey


def is_plain_black(grey: npt.NDArray[np.float32], contrast: npt.NDArray[np.float32]) -> bool:
    """Return whether the background is a screen's black, darker than a camera records.

    Args:
        grey: float32 ``(h, w)``, 0–255.
        contrast: float32 ``(h, w)``, each pixel's distance from the background colour.
    """
    is_black = np.median(compute_border(grey)) <= BACKGROUND.black
    return bool(is_black and np.percentile(compute_border(contrast), 75) <= BACKGROUND.black)


def find_white_background(rgb: Pixels) -> npt.NDArray[np.float32] | None:
    """Return the colour of a uniform white background, float32 ``(3,)``; None if there is none.

    Shops photograph clothes on white that is more even than a wall or floor. It need cover only
    about a fifth of the border, since a person cropped at the hips and elbows covers the rest.

    Args:
        rgb: uint8 ``(h, w, 3)``.
    """
    border = compute_border(rgb)
    white = border[border.min(axis=1) >= BACKGROUND.white]
    if len(white) < BACKGROUND.white_share * len(border):
        return None
    white = np.median(white, axis=0).astype(np.float32)
    is_even = np.abs(border - white).max(axis=1) <= BACKGROUND.white_noise
    return white if is_even.mean() >= BACKGROUND.white_share else None


def compute_grey(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return the luminance of an RGB picture, float32 ``(h, w)``, 0–255."""
    return np.asarray(rgb @ LUMINANCE, dtype=np.float32)


def compute_border(picture: npt.NDArray[Number], width: int = 1) -> npt.NDArray[Number]:
    """Return the pixels within ``width`` of the edge as one list, ``(n,)`` or ``(n, channels)``."""
    channels = picture.shape[2:]
    if min(picture.shape[:2]) <= 2 * width:
        return picture.reshape(-1, *channels)
    inner = slice(width, -width)
    sides = picture[:width], picture[-width:], picture[inner, :width], picture[inner, -width:]
    return np.concatenate([side.reshape(-1, *channels) for side in sides])
