"""Candidate masks of the garment in a photo, each refined, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from fmnist.images.records import Mask, Pixels
from fmnist.images.segment.ground import find_paper
from fmnist.images.segment.parameters import CANDIDATES
from fmnist.images.segment.saliency import compute_colours, compute_saliency
from fmnist.images.segment.silhouette import compute_plain_mask, drop_specks, fill_holes, open_mask
from fmnist.images.segment.wearer import remove_wearer

_ELLIPSES: Final = {"middle": CANDIDATES.middle, "wide": CANDIDATES.wide}

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
    outside are each alike and the boundary follows edges. They are found in turn, and the first
    whose score is ``CANDIDATES.certain`` is the likeliest.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        contrast: float32 ``(h, w)``, from ``compute_contrast``.
        every: also find those that follow one that is certain, which takes most of the time.
    """
    colours = compute_colours(rgb)
    found: list[Candidate] = []
    for name, mask in _find_masks(rgb, contrast):
        if mask is None or not mask.any():
            continue
        score = compute_score(colours, mask) + _TRUST.get(name, 0.0)
        found.append(Candidate(name, mask, score))
        if score >= CANDIDATES.certain and not every:
            break
    certain = next((each for each in found if each.score >= CANDIDATES.certain), None)
    return sorted(found, key=lambda each: (each is not certain, -each.score))


def _find_masks(
    rgb: Pixels, contrast: npt.NDArray[np.float32]
) -> Iterator[tuple[str, Mask | None]]:
    """Yield the candidate masks with their names, those first that cost least."""
    plain = compute_plain_mask(contrast, is_paper=find_paper(rgb) is not None)
    if plain is not None:
        yield "worn", remove_wearer(rgb, plain)
    yield "ground", plain
    saliency = compute_saliency(rgb)
    yield "distance", _refine(rgb, saliency > _compute_threshold(saliency))
    height, width = saliency.shape
    y, x = np.mgrid[0:height, 0:width]
    for name, (across, down) in _ELLIPSES.items():
        ellipse = ((x / width - 0.5) / across) ** 2 + ((y / height - 0.5) / down) ** 2 < 1
        yield name, _refine(rgb, ellipse)


def _refine(rgb: Pixels, start: Mask) -> Mask | None:
    """Return a rough mask refined by GrabCut, specks removed and holes filled; None if empty.

    Pixels outside the rough mask may end inside and the other way round: it only says which
    colours are likelier on which side.
    """
    if min(start.sum(), start.size - start.sum()) < CANDIDATES.least_pixels:
        return None
    labels = np.where(start, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # its clustering is random: the same picture must give the same mask
    try:
        lab = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2LAB)
        cv2.grabCut(lab, labels, None, *models, CANDIDATES.iterations, cv2.GC_INIT_WITH_MASK)
    except cv2.error:  # one side had no pixel left
        return None
    mask = (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)
    opened = open_mask(mask)
    if opened.sum() >= 0.5 * mask.sum():  # else it is all straps
        mask = opened
    return fill_holes(drop_specks(mask)) if mask.any() else None


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
