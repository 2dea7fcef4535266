"""Masks of the garment from contrast with the background, and operations on masks."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from fmnist.images.records import MIDDLE, Mask, Pixels, Point
from fmnist.images.segment.background import compute_border, compute_grey, find_white_background
from fmnist.images.segment.parameters import SILHOUETTE


def compute_contrast(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return each pixel's distance from the background colour, float32 ``(h, w)``, 0–255.

    The background colour is that of a white background if there is one, otherwise the median of the
    border, so the subject may cover up to half of it. The distance is Euclidean in luminance and
    colour difference. Luminance has the lower weight: shadows and folds differ in luminance, fabric
    and floor in colour.
    """
    tones = _compute_tones(rgb)
    white = find_white_background(rgb)
    if white is None:
        border = compute_border(tones, _border_width(tones))
    else:
        border = _compute_tones(np.round(white)[None, None].astype(np.uint8))[0]
    square: npt.NDArray[np.float32] = np.square(tones - np.median(border, axis=0)).sum(axis=2)
    return np.minimum(np.sqrt(square), np.float32(255.0))


def compute_plain_mask(
    contrast: npt.NDArray[np.float32], *, is_white: bool = False, middle: Point = MIDDLE
) -> Mask | None:
    """Return what differs from a plain background, bool ``(h, w)``; None if it isn't plain.

    The threshold lies just above the background noise, to keep the pale parts of a white shirt. It
    is higher next to strong colours, around which JPEG leaves a halo.

    Args:
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        is_white: whether the contrast is with a white background; the subject may then cover most
            of the border.
        middle: where the subject should be; see ``drop_specks``.
    """
    border = compute_border(contrast, _border_width(contrast))
    if is_white:
        border = border[border < SILHOUETTE.min_contrast]
    noise = float(np.percentile(border, 75))
    threshold = max(SILHOUETTE.pale, 3.0 * noise)
    least = max(SILHOUETTE.min_contrast, threshold)
    if noise >= SILHOUETTE.flat_noise or contrast.max() <= least:
        return None
    window = np.ones((SILHOUETTE.halo, SILHOUETTE.halo), np.uint8)
    differs = contrast > threshold
    stands_out = differs & (contrast > SILHOUETTE.halo_share * cv2.dilate(contrast, window))
    # Pale fabric next to a strong colour isn't a halo: it lies between two strong parts.
    closed = cv2.morphologyEx(stands_out.astype(np.uint8), cv2.MORPH_CLOSE, window) > 0
    mask = _fill_pale_fabric(_smooth(differs & closed), fill_holes(closed), contrast)
    return drop_specks(fill_holes(mask), middle)


def compute_stroke_mask(contrast: npt.NDArray[np.float32]) -> Mask:
    """Return the strokes and fills of a drawing, bool ``(h, w)``; all false if it is flat."""
    top = float(contrast.max())
    if top < SILHOUETTE.min_contrast:
        return np.zeros(contrast.shape, dtype=np.bool_)
    return np.asarray(contrast > max(SILHOUETTE.min_contrast * 0.8, 0.25 * top))


def fill_holes(mask: Mask) -> Mask:
    """Return the mask with all enclosed regions filled."""
    framed = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] != 2)


def drop_specks(mask: Mask, middle: Point = MIDDLE) -> Mask:
    """Return the mask without the pieces that weigh less than an eighth of the heaviest one.

    A piece's weight is its area, with pixels far from the middle counting less, because people put
    the subject there.

    Args:
        mask: bool ``(h, w)``.
        middle: the point to use as the middle, as fractions of width and height.
    """
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if count < 2:
        return mask
    height, width = mask.shape
    rows, columns = np.arange(height) / height - middle[1], np.arange(width) / width - middle[0]
    weights = np.exp(-SILHOUETTE.centrality * np.add.outer(rows**2, columns**2))
    weight = np.bincount(labels.ravel(), weights.ravel())
    weight[0] = 0.0
    return np.asarray((weight >= SILHOUETTE.speck_share * weight.max())[labels] & mask)


def keep_piece(mask: Mask, point: Point) -> Mask | None:
    """Return the piece of a mask at a point, with others close to it; None if there is none.

    Args:
        mask: bool ``(h, w)``.
        point: the point, as fractions of width and height.
    """
    height, width = mask.shape
    reach = 2 * max(1, round(SILHOUETTE.reach * max(height, width))) + 1
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, pieces = cv2.connectedComponents(grown)
    row, column = min(int(point[1] * height), height - 1), min(int(point[0] * width), width - 1)
    number = pieces[max(row, 0), max(column, 0)]
    return np.asarray(mask & (pieces == number)) if number else None


def resize_mask(mask: Mask, like: Pixels) -> Mask:
    """Return a mask resized to a picture."""
    shape = like.shape[1::-1]
    how = cv2.INTER_AREA if like.shape[0] < mask.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(mask.astype(np.float32), shape, interpolation=how) > 0.5)


def open_mask(mask: Mask) -> Mask:
    """Return the mask without what is thinner than three pixels (a morphological opening)."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(opened > 0)


def shrink_mask(mask: Mask) -> Mask:
    """Return the mask without the pixels at its edge (a morphological erosion)."""
    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _fill_pale_fabric(mask: Mask, closed: Mask, contrast: npt.NDArray[np.float32]) -> Mask:
    """Return a mask without the holes left by fabric that is as pale as the background.

    Such a hole is enclosed once narrow gaps are closed, and is surrounded mostly by pale pixels.
    The gap between two legs is not.

    Args:
        mask: bool ``(h, w)``, what differs from the background.
        closed: the same with narrow gaps closed and holes filled.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
    """
    window = np.ones((SILHOUETTE.halo, SILHOUETTE.halo), np.uint8)
    # Closing also joins specks outside the garment, along its edge and the picture's.
    inside = (
        cv2.erode(closed.astype(np.uint8), window, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        > 0
    )
    labels, _ = ndimage.label(inside & ~mask)
    sizes = np.bincount(labels.ravel())
    mended = mask.copy()
    for number in np.flatnonzero(sizes[1:] >= SILHOUETTE.hole_share * closed.sum()) + 1:
        tear = labels == number
        beside = mask & (cv2.dilate(tear.astype(np.uint8), window) > 0)
        if np.mean(contrast[beside] < SILHOUETTE.pale_fabric) >= SILHOUETTE.pale_share:
            mended |= tear
    return mended


def _smooth(mask: Mask) -> Mask:
    """Open the mask slightly, unless that removes much of it (a sandal's straps)."""
    opened = open_mask(mask)
    return np.asarray(opened if opened.sum() > 0.8 * mask.sum() else mask)


def _compute_tones(rgb: Pixels) -> npt.NDArray[np.float32]:
    """Return weighted luminance and colour differences, float32 ``(h, w, 3)``."""
    lit = compute_grey(rgb)
    red, blue = (
        SILHOUETTE.red_weight * (rgb[..., 0] - lit),
        SILHOUETTE.blue_weight * (rgb[..., 2] - lit),
    )
    return np.stack([SILHOUETTE.luminance_weight * lit, red, blue], axis=2)


def _border_width(picture: npt.NDArray[np.float32]) -> int:
    return int(max(1, round(0.02 * min(picture.shape[:2]))))
