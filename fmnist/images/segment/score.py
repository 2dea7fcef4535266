"""Scores a mask as a garment, and checks whether its cut-out is good enough to classify."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import MIDDLE, Mask, Pixels, Point
from fmnist.images.reduce import reduce_picture
from fmnist.images.segment.parameters import CANDIDATES, CUT_OUT
from fmnist.images.segment.saliency import compute_colours
from fmnist.images.segment.silhouette import resize_mask

_REMEDY: Final = "Photograph it whole and alone, on a background of another colour."


def find_fault(rgb: Pixels, mask: Mask) -> str | None:
    """Return why a garment's cut-out is too poor to classify, and the remedy; None if it is fine.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``, not empty.
    """
    share, touched = float(mask.mean()), float(mask[find_rim(mask)].mean())
    if share < CUT_OUT.areas[0]:
        return (
            f"No answer: the cut-out covers {share:.1%} of the picture, too little to show a"
            " garment. Move closer, or crop the picture."
        )
    if share > CUT_OUT.areas[1]:
        return (
            f"No answer: the cut-out covers {share:.0%} of the picture, more than the"
            f" garment. {_REMEDY}"
        )
    if touched > CUT_OUT.max_border:
        return (
            f"No answer: the cut-out touches {touched:.0%} of the picture's edge, so the"
            f" garment is cropped, or the cut-out contains more than the garment. {_REMEDY}"
        )
    small = reduce_picture(rgb, CANDIDATES.side)
    if (
        compute_edge_contrast(compute_colours(small), resize_mask(mask, small))
        < CUT_OUT.min_contrast
    ):
        return (
            "No answer: the garment's colours are too close to its surroundings', so its outline"
            f" is unclear. {_REMEDY}"
        )
    return None


def find_rim(mask: Mask) -> Mask:
    """Return a mask of the two outermost rows and columns, bool, same shape."""
    rim = np.ones_like(mask)
    rim[2:-2, 2:-2] = False
    return rim


def compute_score(colours: npt.NDArray[np.float32], mask: Mask, middle: Point = MIDDLE) -> float:
    """Return how much a mask looks like a single object in the middle; higher is more likely.

    The score rewards different colours on the two sides of the edge, a reasonable size, and a
    compact shape with a smooth edge. It penalises contact with the border and distance from the
    middle. The weights were set on 172 phone photos: in eight, a candidate other than the first
    won, each time correctly.

    Args:
        colours: float32 ``(h, w, 3)``, from ``compute_colours``.
        mask: bool ``(h, w)``, not empty.
        middle: where the object should be, as fractions of width and height.
    """
    share = float(mask.mean())
    if not CANDIDATES.shares[0] <= share <= CANDIDATES.shares[1]:
        return -9.0
    height, width = mask.shape
    solid = mask.astype(np.uint8)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    around = cv2.arcLength(max(outlines, key=len), closed=True)
    fray = around**2 / (4 * np.pi * float(solid.sum()))
    rows, columns = np.nonzero(mask)
    hull = cv2.convexHull(np.stack([columns, rows], axis=1).astype(np.int32))
    solidity = min(float(solid.sum()) / max(cv2.contourArea(hull), 1.0), 1.0)
    aside = float(np.hypot(columns.mean() / width - middle[0], rows.mean() / height - middle[1]))
    return float(
        compute_edge_contrast(colours, mask) / 40.0
        + 0.6 * min(share / 0.12, 1.0)
        - 1.2 * max(0.0, float(mask[find_rim(mask)].mean()) - 0.12)
        - aside
        + 0.5 * solidity
        - 0.02 * max(0.0, fray - 4.0)
    )


def compute_edge_contrast(colours: npt.NDArray[np.float32], mask: Mask) -> float:
    """Return the mean colour distance between the two sides of a mask's edge, 0 to 40.

    Args:
        colours: float32 ``(h, w, 3)``, from ``compute_colours``.
        mask: bool ``(h, w)``.
    """
    band = max(3, int(CANDIDATES.band * max(mask.shape))) | 1
    kernel = np.ones((band, band), np.uint8)
    solid = mask.astype(np.uint8)
    inner = mask & (cv2.erode(solid, kernel) == 0)
    outer = ~mask & (cv2.dilate(solid, kernel) > 0)
    window = (2 * band + 1, 2 * band + 1)
    means = []
    for side in (inner, outer):
        weight = cv2.blur(side.astype(np.float32), window)[..., None]
        means.append(cv2.blur(colours * side[..., None], window) / (weight + 1e-4))
    edge = inner & (cv2.blur(outer.astype(np.float32), window) > 0.02)
    apart = np.linalg.norm(means[0] - means[1], axis=-1)[edge]
    return float(np.minimum(apart, 40.0).mean()) if apart.size else 0.0
