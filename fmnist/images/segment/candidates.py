"""Finds candidate masks of the garment in a photo, refines and ranks them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import MIDDLE, Mask, Pixels, Point
from fmnist.images.reduce import reduce_picture
from fmnist.images.segment.background import find_white_background
from fmnist.images.segment.parameters import CANDIDATES
from fmnist.images.segment.saliency import compute_colours, compute_saliency
from fmnist.images.segment.score import compute_score
from fmnist.images.segment.silhouette import (
    compute_plain_mask,
    drop_specks,
    fill_holes,
    keep_piece,
    open_mask,
    resize_mask,
)
from fmnist.images.segment.wearer import remove_wearer

_ELLIPSES: Final = {"middle": CANDIDATES.middle, "wide": CANDIDATES.wide}
_ELLIPSES_AT_POINT: Final = {"near": CANDIDATES.near, "around": CANDIDATES.around}

_PLAIN: Final = ("worn", "other", "background")

_BONUSES: Final = {
    "worn": CANDIDATES.bonus_worn,
    "background": CANDIDATES.bonus_background,
    "distance": CANDIDATES.bonus_distance,
}


@dataclass(frozen=True)
class Candidate:
    """One candidate mask of the garment.

    Attributes:
        name: how the mask was found. ``"background"``: what differs from a plain background;
            ``"worn"``: the same without the wearer; ``"other"``: what that removes; ``"distance"``:
            by the distance from the border; ``"middle"`` and ``"wide"``: from a small or large
            ellipse in the middle; ``"near"`` and ``"around"``: from a small or large ellipse around
            a point.
        mask: bool ``(h, w)``.
        score: how much the mask looks like a single object in the middle; comparable only within
            one picture.
    """

    name: str
    mask: Mask
    score: float


def find_garment(
    rgb: Pixels,
    contrast: npt.NDArray[np.float32],
    *,
    every: bool = True,
    point: Point | None = None,
) -> list[Candidate]:
    """Return candidate masks of the garment, most likely first; empty if nothing stands out.

    On a plain background, one candidate is whatever differs from it. All others start from a rough
    mask that GrabCut (Rother et al., 2004) refines: it splits the picture so that colours are
    similar on each side and the boundary follows edges. Candidates are computed one after another,
    on the picture reduced to ``CANDIDATES.side`` pixels. The first to score at least
    ``CANDIDATES.certain`` is ranked first.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        every: compute the remaining candidates even after a certain one, which takes most of the
            time.
        point: a point on the garment, as fractions of width and height; each mask is then reduced
            to the piece at that point.
    """
    small = reduce_picture(rgb, CANDIDATES.side)
    colours = compute_colours(small)
    found: list[Candidate] = []
    for name, whole in _find_masks(rgb, small, contrast, point):
        mask = whole if whole is None or point is None else keep_piece(whole, point)
        if mask is None or not mask.any():
            continue
        score = compute_score(colours, resize_mask(mask, small), point or MIDDLE)
        score += _BONUSES.get(name, 0.0)
        found.append(Candidate(name, mask, score))
        if score >= CANDIDATES.certain and not every:
            break
    certain = next((each for each in found if each.score >= CANDIDATES.certain), None)
    return sorted(found, key=lambda each: (each is not certain, -each.score))


def find_second_mask(rgb: Pixels, candidate: Candidate, point: Point | None = None) -> Mask | None:
    """Return a second mask of the same garment; None if it is empty or the background is plain.

    The first mask is refined again at a higher resolution; the two differ where the boundary is
    ambiguous.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        candidate: from ``find_garment``.
        point: as for ``find_garment``.
    """
    if candidate.name in _PLAIN:
        return None
    small = reduce_picture(rgb, CANDIDATES.second_side)
    mask = _refine(rgb, small, resize_mask(candidate.mask, small), point or MIDDLE)
    return mask if mask is None or point is None else keep_piece(mask, point)


def _find_masks(
    rgb: Pixels, small: Pixels, contrast: npt.NDArray[np.float32], point: Point | None
) -> Iterator[tuple[str, Mask | None]]:
    """Yield the candidate masks with their names, the cheapest first."""
    middle = point or MIDDLE
    plain = compute_plain_mask(
        contrast, is_white=find_white_background(rgb) is not None, middle=middle
    )
    if plain is not None and point is not None:
        plain = keep_piece(plain, point)
    if plain is not None:
        worn = remove_wearer(rgb, plain)
        yield "worn", worn
        if point is not None and worn is not None:
            yield "other", plain & ~worn
    yield "background", plain
    saliency = compute_saliency(small, middle)
    yield "distance", _refine(rgb, small, saliency > _compute_threshold(saliency), middle)
    height, width = saliency.shape
    y, x = np.mgrid[0:height, 0:width]
    for name, (across, down) in (_ELLIPSES if point is None else _ELLIPSES_AT_POINT).items():
        apart = ((x / width - middle[0]) / across) ** 2 + ((y / height - middle[1]) / down) ** 2
        yield name, _refine(rgb, small, apart < 1, middle)


def _refine(rgb: Pixels, small: Pixels, start: Mask, middle: Point) -> Mask | None:
    """Refine a rough mask by GrabCut, remove specks and fill holes; None if nothing is left.

    The rough mask only says which colours are more likely on which side: pixels may change sides.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        small: the same picture at the resolution that is split.
        start: bool, of the size of ``small``.
        middle: where the garment should be, as fractions of width and height.

    Returns:
        bool ``(h, w)``.
    """
    if min(start.sum(), start.size - start.sum()) < CANDIDATES.min_pixels:
        return None
    labels = np.where(start, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    outside, inside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its clustering is random, but the result must not be
    try:
        lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
        cv2.grabCut(
            lab, labels, None, outside, inside, CANDIDATES.fit_rounds, cv2.GC_INIT_WITH_MASK
        )
        count = rgb.shape[0] * rgb.shape[1] / start.size
        models = _scale_mixture(outside, count), _scale_mixture(inside, count)
        cv2.grabCut(lab, labels, None, *models, CANDIDATES.cut_rounds, cv2.GC_EVAL_FREEZE_MODEL)
    except cv2.error:  # one side had no pixel left
        return None
    mask = resize_mask((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), rgb)
    opened = open_mask(mask)
    if opened.sum() >= 0.5 * mask.sum():  # otherwise it consists of straps
        mask = opened
    return fill_holes(drop_specks(mask, middle)) if mask.any() else None


def _scale_mixture(model: npt.NDArray[np.float64], count: float) -> npt.NDArray[np.float64]:
    """Return a Gaussian mixture whose density for one pixel is about ``model``'s for ``count``.

    A pixel of a reduced picture stands for several, so its colour should weigh that much more
    against the length of the boundary. If the components hardly overlap, the power of a mixture is
    the mixture of their powers, up to a factor that is the same on both sides.

    Args:
        model: float64 ``(1, 65)`` as stored by OpenCV: five weights, means and covariances.
        count: pixels of the picture per pixel of the reduced one, at least 1.
    """
    weights, covariances = model[0, :5], model[0, 20:].reshape(5, 3, 3)
    determinants = np.maximum(np.linalg.det(covariances), 1e-3)
    powers = weights**count * determinants ** ((1 - count) / 2)
    return np.concatenate([powers, model[0, 5:20], (covariances / count).ravel()])[None]


def _compute_threshold(saliency: npt.NDArray[np.float32]) -> float:
    """Return Otsu's threshold (1979) for a saliency map with values from 0 to 1."""
    top = max(float(saliency.max()), 1e-6)
    levels = np.clip(saliency / top * 255.0, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    return float(threshold) / 255.0 * top
