"""Candidate masks of the garment in a photo, each refined, the most likely first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import MIDDLE, Mask, Pixels, Point
from fmnist.images.reduce import reduce_picture
from fmnist.images.segment.ground import find_paper
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

_PLAIN: Final = ("worn", "other", "ground")

_TRUST: Final = {
    "worn": CANDIDATES.trust_worn,
    "ground": CANDIDATES.trust_ground,
    "distance": CANDIDATES.trust_distance,
}


@dataclass(frozen=True)
class Candidate:
    """One candidate mask of the garment.

    Attributes:
        name: how it was found: from the plain ``"ground"``; likewise but without its wearer,
            ``"worn"``, or what that leaves, ``"other"``; by its ``"distance"`` from the border; in
            the ``"middle"``, or ``"wide"``, nearly everywhere; ``"near"`` a point, or ``"around"``
            it.
        mask: bool ``(h, w)``.
        score: how much it looks like one object in the middle; only comparable with others.
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
    """Return where the garment may be, most likely first; empty if nothing stands out.

    On a plain background, one is what differs from it. The others start from a rough mask that
    GrabCut (Rother et al. 2004) refines: it divides the picture so that the colours inside and
    outside are each alike and the boundary follows edges. They are found in turn, on the picture
    reduced to ``CANDIDATES.side`` pixels, and the first whose score is ``CANDIDATES.certain`` is
    the most likely.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        every: also find those that follow one that is certain, which takes most of the time.
        point: a place on the garment that is meant, as shares of width and height: each mask is
            the piece at that place.
    """
    small = reduce_picture(rgb, CANDIDATES.side)
    colours = compute_colours(small)
    found: list[Candidate] = []
    for name, whole in _find_masks(rgb, small, contrast, point):
        mask = whole if whole is None or point is None else keep_piece(whole, point)
        if mask is None or not mask.any():
            continue
        score = compute_score(colours, resize_mask(mask, small), point or MIDDLE)
        score += _TRUST.get(name, 0.0)
        found.append(Candidate(name, mask, score))
        if score >= CANDIDATES.certain and not every:
            break
    certain = next((each for each in found if each.score >= CANDIDATES.certain), None)
    return sorted(found, key=lambda each: (each is not certain, -each.score))


def find_second_mask(rgb: Pixels, candidate: Candidate, point: Point | None = None) -> Mask | None:
    """Return another mask of the same garment, None if the background is plain or it is empty.

    GrabCut divides a larger picture than for the first, from which it starts; the two differ where
    the boundary is doubtful.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        candidate: from ``find_garment``.
        point: as given there.
    """
    if candidate.name in _PLAIN:
        return None
    small = reduce_picture(rgb, CANDIDATES.second_side)
    mask = _refine(rgb, small, resize_mask(candidate.mask, small), point or MIDDLE)
    return mask if mask is None or point is None else keep_piece(mask, point)


def _find_masks(
    rgb: Pixels, small: Pixels, contrast: npt.NDArray[np.float32], point: Point | None
) -> Iterator[tuple[str, Mask | None]]:
    """Yield the candidate masks with their names, those first that cost least."""
    middle = point or MIDDLE
    plain = compute_plain_mask(contrast, is_paper=find_paper(rgb) is not None, middle=middle)
    if plain is not None and point is not None:
        plain = keep_piece(plain, point)
    if plain is not None:
        worn = remove_wearer(rgb, plain)
        yield "worn", worn
        if point is not None and worn is not None:
            yield "other", plain & ~worn
    yield "ground", plain
    saliency = compute_saliency(small, middle)
    yield "distance", _refine(rgb, small, saliency > _compute_threshold(saliency), middle)
    height, width = saliency.shape
    y, x = np.mgrid[0:height, 0:width]
    for name, (across, down) in (_ELLIPSES if point is None else _ELLIPSES_AT_POINT).items():
        apart = ((x / width - middle[0]) / across) ** 2 + ((y / height - middle[1]) / down) ** 2
        yield name, _refine(rgb, small, apart < 1, middle)


def _refine(rgb: Pixels, small: Pixels, start: Mask, middle: Point) -> Mask | None:
    """Return a rough mask refined by GrabCut, specks removed and holes filled; None if empty.

    Pixels outside the rough mask may end inside and the other way round: it only says which
    colours are more likely on which side.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        small: the same, reduced: what is divided.
        start: bool, of the size of ``small``.
        middle: where the garment should be, as shares of width and height.

    Returns:
        bool ``(h, w)``.
    """
    if min(start.sum(), start.size - start.sum()) < CANDIDATES.least_pixels:
        return None
    labels = np.where(start, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    outside, inside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its clustering is random: the same picture must give the same mask
    try:
        lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
        cv2.grabCut(lab, labels, None, outside, inside, 0, cv2.GC_INIT_WITH_MASK)
        count = rgb.shape[0] * rgb.shape[1] / start.size
        models = _weigh(outside, count), _weigh(inside, count)
        cv2.grabCut(lab, labels, None, *models, 1, cv2.GC_EVAL_FREEZE_MODEL)
    except cv2.error:  # one side had no pixel left
        return None
    mask = resize_mask((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), rgb)
    opened = open_mask(mask)
    if opened.sum() >= 0.5 * mask.sum():  # else it is all straps
        mask = opened
    return fill_holes(drop_specks(mask, middle)) if mask.any() else None


def _weigh(model: npt.NDArray[np.float64], count: float) -> npt.NDArray[np.float64]:
    """Return a mixture that is about as likely for one pixel as ``model`` for ``count`` alike.

    Each pixel of a reduced picture stands for several, so that its colour should count as often
    against the length of the boundary. Of a mixture whose components hardly overlap, the power is
    the mixture of their powers, up to a factor that both sides' mixtures share.

    Args:
        model: float64 ``(1, 65)``, as OpenCV keeps it: five weights, means and covariances.
        count: at least 1.
    """
    weights, covariances = model[0, :5], model[0, 20:].reshape(5, 3, 3)
    determinants = np.maximum(np.linalg.det(covariances), 1e-3)
    powers = weights**count * determinants ** ((1 - count) / 2)
    return np.concatenate([powers, model[0, 5:20], (covariances / count).ravel()])[None]


def _compute_threshold(saliency: npt.NDArray[np.float32]) -> float:
    """Return the threshold that best divides saliency, 0 to 1, in two (Otsu, 1979)."""
    top = max(float(saliency.max()), 1e-6)
    levels = np.clip(saliency / top * 255.0, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    return float(threshold) / 255.0 * top
