"""Converts the colours of a plot back to intensities, whatever colour map drew them."""

from __future__ import annotations

from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from fmnist.images.records import Pixels
from fmnist.images.segment.figure_parameters import COLOUR_MAPS

_MAPS: Final = (
    cv2.COLORMAP_VIRIDIS, cv2.COLORMAP_INFERNO, cv2.COLORMAP_MAGMA, cv2.COLORMAP_PLASMA,
    cv2.COLORMAP_CIVIDIS, cv2.COLORMAP_HOT, cv2.COLORMAP_BONE, cv2.COLORMAP_JET,
    cv2.COLORMAP_TURBO, cv2.COLORMAP_PINK, cv2.COLORMAP_COOL, cv2.COLORMAP_SUMMER,
    cv2.COLORMAP_AUTUMN, cv2.COLORMAP_WINTER, cv2.COLORMAP_SPRING,
)  # fmt: skip


def invert_colours(rgb: Pixels) -> npt.NDArray[np.float32] | None:
    """Return the intensities that a colour map drew, or None where none is known that fits.

    The map is the known one (those of OpenCV, and grey) nearest to all colours. Where none is
    near, luminance serves if the colours lie on one line along which it rises, as in Matplotlib's
    ``Blues``. The direction is not known: a reversed map gives the negative.

    Args:
        rgb: uint8 ``(h, w, 3)``, drawn with one colour map.

    Returns:
        float32 ``(h, w)``, 0–255; whether they fill that range depends on the colours.
    """
    codes = (rgb.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1], np.int32)).ravel()
    codes, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    some = slice(None, None, 1 + len(colours) // COLOUR_MAPS.compared)
    distances = [
        float(np.average(tree.query(colours[some])[0], weights=counts[some]))
        for tree in _build_trees()
    ]
    best = int(np.argmin(distances))
    if distances[best] <= COLOUR_MAPS.max_distance:
        values = _build_trees()[best].query(colours)[1]
    else:
        values = cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0, :, 0]
        if not _is_line(colours, values):
            return None
    return np.asarray(values[where.ravel()].reshape(rgb.shape[:2]), np.float32)


@cache
def _build_trees() -> tuple[cKDTree, ...]:
    """Return a search tree over the 256 colours of each known map, RGB."""
    ramp = np.arange(256, dtype=np.uint8)[:, None]
    maps = [cv2.applyColorMap(ramp, each)[:, 0, ::-1] for each in _MAPS]
    return tuple(cKDTree(each) for each in [np.repeat(ramp, 3, axis=1), *maps])


def _is_line(colours: Pixels, light: Pixels) -> bool:
    """Return whether colours, in the order of their luminance, change no more than on one line."""
    ordered = colours[np.argsort(light, kind="stable")].astype(np.float64)
    way = float(np.linalg.norm(np.diff(ordered, axis=0), axis=1).sum())
    return way <= COLOUR_MAPS.max_detour * float(np.linalg.norm(ordered[-1] - ordered[0]))
