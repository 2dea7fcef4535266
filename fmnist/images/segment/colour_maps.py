"""Converts the colours of a plot back to intensities, for any colour map."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import Pixels
from fmnist.images.segment.figure_parameters import COLOUR_MAPS

_MAPS: Final = (
    cv2.COLORMAP_VIRIDIS, cv2.COLORMAP_INFERNO, cv2.COLORMAP_MAGMA, cv2.COLORMAP_PLASMA,
    cv2.COLORMAP_CIVIDIS, cv2.COLORMAP_HOT, cv2.COLORMAP_BONE, cv2.COLORMAP_JET,
    cv2.COLORMAP_TURBO, cv2.COLORMAP_PINK, cv2.COLORMAP_COOL, cv2.COLORMAP_SUMMER,
    cv2.COLORMAP_AUTUMN, cv2.COLORMAP_WINTER, cv2.COLORMAP_SPRING,
)  # fmt: skip

_CHUNK: Final = 4096
"""Colours that are compared with a map's in one product, of 4 MB."""


def invert_colours(rgb: Pixels) -> npt.NDArray[np.float32] | None:
    """Return the intensities that a colour map encoded, or None if no map fits.

    The map is the known one (OpenCV's and grey) that is closest to all colours. If none is close,
    luminance is used, provided the colours lie on a curve along which it rises, as in Matplotlib's
    ``Blues``. The direction is unknown: a reversed map yields the negative.

    Args:
        rgb: uint8 ``(h, w, 3)``, drawn with one colour map.

    Returns:
        float32 ``(h, w)``, within 0–255; the range in use depends on the colours.
    """
    codes = (rgb.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1], np.int32)).ravel()
    codes, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    some = slice(None, None, 1 + len(colours) // COLOUR_MAPS.compared)
    distances = [
        float(np.average(_find_nearest(colours[some], each)[1], weights=counts[some]))
        for each in _build_maps()
    ]
    best = int(np.argmin(distances))
    if distances[best] <= COLOUR_MAPS.max_distance:
        values = _find_nearest(colours, _build_maps()[best])[0]
    else:
        values = cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0, :, 0]
        if not _is_line(colours, values):
            return None
    return np.asarray(values[where.ravel()].reshape(rgb.shape[:2]), np.float32)


@cache
def _build_maps() -> tuple[npt.NDArray[np.float32], ...]:
    """Return the 256 colours of each known map, RGB, float32 ``(256, 3)``."""
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    maps = [cv2.applyColorMap(ramp, each)[:, 0, ::-1] for each in _MAPS]
    return tuple(each.astype(np.float32) for each in [np.repeat(ramp, 3, axis=1), *maps])


def _find_nearest(
    colours: Pixels, map_: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """Return the index of the map's colour nearest to each colour, and its distance, ``(n,)``.

    All sums are integers below 2²⁴, so float32 holds them exactly.
    """
    indices, squares = [], []
    for start in range(0, len(colours), _CHUNK):
        some = colours[start : start + _CHUNK].astype(np.float32)
        apart = np.square(map_).sum(axis=1) - 2 * (some @ map_.T)
        nearest = apart.argmin(axis=1)
        indices.append(nearest)
        squares.append(apart[np.arange(len(some)), nearest] + np.square(some).sum(axis=1))
    return np.concatenate(indices), np.sqrt(np.concatenate(squares))


def _is_line(colours: Pixels, light: Pixels) -> bool:
    """Return whether colours, sorted by luminance, follow a curve without going back and forth."""
    ordered = colours[np.argsort(light, kind="stable")].astype(np.float64)
    way = float(np.linalg.norm(np.diff(ordered, axis=0), axis=1).sum())
    return way <= COLOUR_MAPS.max_detour * float(np.linalg.norm(ordered[-1] - ordered[0]))
