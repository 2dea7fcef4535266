"""Candidate masks of the garment in a photo, each refined, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import Mask, Pixels
from fmnist.images.reduce import reduce_picture
from fmnist.images.segment.ground import find_paper
from fmnist.images.segment.parameters import CANDIDATES
from fmnist.images.segment.saliency import compute_colours, compute_saliency
from fmnist.images.segment.silhouette import compute_plain_mask, drop_specks, fill_holes, open_mask
from fmnist.images.segment.wearer import remove_wearer

_ELLIPSES: Final = {"middle": CANDIDATES.middle, "wide": CANDIDATES.wide}

_PLAIN: Final = ("worn", "ground")

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
            ``"worn"``; by its ``"distance"`` from the border; in the ``"middle"``; or ``"wide"``,
            nearly everywhere.
        mask: bool ``(h, w)``.
        score: how much it looks like one thing in the middle; only to compare with others.
    """

    name: str
    mask: Mask
    score: float


def find_garment(
    rgb: Pixels, contrast: npt.NDArray[np.float32], *, every: bool = True
) -> list[Candidate]:
    """Return where the garment may be, likeliest first; empty where nothing stands out.

    On a plain background, one is what differs from it. The others start from a rough mask that
    GrabCut (Rother et al. 2004) refines: it divides the picture so that the colours inside and
    outside are each alike and the boundary follows edges. They are found in turn, on the picture
    reduced to ``CANDIDATES.side`` pixels, and the first whose score is ``CANDIDATES.certain`` is
    the likeliest.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        every: also find those that follow one that is certain, which takes most of the time.
    """
    small = reduce_picture(rgb, CANDIDATES.side)
    colours = compute_colours(small)
    found: list[Candidate] = []
    for name, mask in _find_masks(rgb, small, contrast):
        if mask is None or not mask.any():
            continue
        score = compute_score(colours, _resize(mask, small)) + _TRUST.get(name, 0.0)
        found.append(Candidate(name, mask, score))
        if score >= CANDIDATES.certain and not every:
            break
    certain = next((each for each in found if each.score >= CANDIDATES.certain), None)
    return sorted(found, key=lambda each: (each is not certain, -each.score))


def find_second_mask(rgb: Pixels, candidate: Candidate) -> Mask | None:
    """Return another mask of the same garment, None where the ground is plain or it is empty.

    GrabCut divides a larger picture than for the first, from which it starts; the two differ where
    the boundary is doubtful.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        candidate: from ``find_garment``.
    """
    if candidate.name in _PLAIN:
        return None
    small = reduce_picture(rgb, CANDIDATES.second_side)
    return _refine(rgb, small, _resize(candidate.mask, small))


def _find_masks(
    rgb: Pixels, small: Pixels, contrast: npt.NDArray[np.float32]
) -> Iterator[tuple[str, Mask | None]]:
    """Yield the candidate masks with their names, those first that cost least."""
    plain = compute_plain_mask(contrast, is_paper=find_paper(rgb) is not None)
    if plain is not None:
        yield "worn", remove_wearer(rgb, plain)
    yield "ground", plain
    saliency = compute_saliency(small)
    yield "distance", _refine(rgb, small, saliency > _compute_threshold(saliency))
    height, width = saliency.shape
    y, x = np.mgrid[0:height, 0:width]
    for name, (across, down) in _ELLIPSES.items():
        ellipse = ((x / width - 0.5) / across) ** 2 + ((y / height - 0.5) / down) ** 2 < 1
        yield name, _refine(rgb, small, ellipse)


def _refine(rgb: Pixels, small: Pixels, start: Mask) -> Mask | None:
    """Return a rough mask refined by GrabCut, specks removed and holes filled; None if empty.

    Pixels outside the rough mask may end inside and the other way round: it only says which
    colours are likelier on which side.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        small: the same, reduced: what is divided.
        start: bool, of the size of ``small``.

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
    mask = _resize((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), rgb)
    opened = open_mask(mask)
    if opened.sum() >= 0.5 * mask.sum():  # else it is all straps
        mask = opened
    return fill_holes(drop_specks(mask)) if mask.any() else None


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


def _resize(mask: Mask, like: Pixels) -> Mask:
    """Return a mask of the size of a picture."""
    shape = like.shape[1::-1]
    how = cv2.INTER_AREA if like.shape[0] < mask.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(mask.astype(np.float32), shape, interpolation=how) > 0.5)


def _compute_threshold(saliency: npt.NDArray[np.float32]) -> float:
    """Return the threshold that best divides saliency, 0 to 1, in two (Otsu, 1979)."""
    top = max(float(saliency.max()), 1e-6)
    levels = np.clip(saliency / top * 255.0, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    return float(threshold) / 255.0 * top


def compute_score(colours: npt.NDArray[np.float32], mask: Mask) -> float:
    """Return how much a mask looks like one thing in the middle; higher is likelier.

    The score rewards different colours on the two sides of the edge, a fair size and a compact
    shape with a smooth edge; it penalises touching the border and distance from the middle. The
    weights were set on 172 phone photos: in eight another candidate than the first won, each time
    correctly.

    Args:
        colours: float32 ``(h, w, 3)``, from ``compute_colours``.
        mask: bool ``(h, w)``, not empty.
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
    aside = float(np.hypot(columns.mean() / width - 0.5, rows.mean() / height - 0.5))
    border = np.ones_like(mask)
    border[2:-2, 2:-2] = False
    return float(
        _compute_edge_contrast(colours, mask) / 40.0
        + 0.6 * min(share / 0.12, 1.0)
        - 1.2 * max(0.0, float(mask[border].mean()) - 0.12)
        - aside
        + 0.5 * solidity
        - 0.02 * max(0.0, fray - 4.0)
    )


def _compute_edge_contrast(colours: npt.NDArray[np.float32], mask: Mask) -> float:
    """Return how far the colours just within and just without the edge are apart, 0 to 40."""
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
