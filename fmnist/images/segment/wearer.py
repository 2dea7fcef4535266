"""Removes the wearer's head, arms, legs and other clothes from a silhouette."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from fmnist.images.compose.fit import Box, compute_box
from fmnist.images.records import Mask, Pixels
from fmnist.images.segment.parameters import GROUND
from fmnist.images.segment.saliency import compute_colours
from fmnist.images.segment.seam import find_seam
from fmnist.images.segment.silhouette import drop_specks, fill_holes, open_mask, shrink_mask
from fmnist.images.segment.wearer_parameters import WEARER

Colours = npt.NDArray[np.float32]
"""Weighted L*a*b*, float32 ``(h, w, 3)``, from ``compute_colours``."""


_OWN_WEIGHTS: Final = np.array(WEARER.own_weights, np.float32)


def remove_wearer(rgb: Pixels, mask: Mask) -> Mask | None:
    """Return the main garment of a silhouette that a person wears; None if no wearer is seen.

    A wearer is seen by the skin of a head above shoulders, or by that of arms. What has the
    colour of that skin goes, unless cloth has it, too, and so does what lies above the shoulders,
    but for a collar or hood; below a head, gaps between arms and body go, too.
    Where one cloth ends and another begins, one of the two stays: below a head the upper one, for
    shops show trousers without it; else the larger. Two such clothes are also parted where no skin
    is seen; above bare legs both are taken for one dress, unless they differ much. Meant for
    shops' pictures on a plain ground: on a floor, wood and warm light pass for skin.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``, not empty: person and clothes.
    """
    box = compute_box(mask)
    if box.height < WEARER.upright * box.width:
        return None
    colours = compute_colours(rgb)
    shoulders = _find_shoulders(mask, box)
    skin = _find_skin_tones(rgb) & mask
    face = _find_face(skin, mask, box, shoulders)
    garment = None
    if face is not None or _are_limbs(skin, mask, box):
        garment = _undress(colours, mask, skin, skin if face is None else face, shoulders)
    is_cut_off = bool(mask[-2:].any())
    if garment is None and face is not None and is_cut_off:
        garment = mask  # cloth of the skin's colour
    if garment is not None and face is not None:
        garment = garment & ~find_gaps(rgb, mask, mask & ~garment)
        garment = _take_head_off(colours, garment, box, shoulders)
    is_worn = garment is not None
    garment = mask if garment is None else garment
    strict = not is_worn or _are_legs_bare(mask, garment, box)
    is_top = face is not None and is_cut_off and not strict
    seam = find_seam(colours, garment, strict=strict, is_top=is_top)
    if seam is not None:
        garment = _keep_one(garment, seam, is_upper=is_worn and face is not None)
    elif not is_worn:
        return None
    garment = fill_holes(drop_specks(open_mask(garment)))
    return garment if garment.sum() >= WEARER.least_left * mask.sum() else None


def _find_skin_tones(rgb: Pixels) -> Mask:
    light, red, blue = cv2.split(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YCrCb))
    skin = (red >= WEARER.skin_red[0]) & (red <= WEARER.skin_red[1]) & (light >= WEARER.skin_light)
    return np.asarray(skin & (blue >= WEARER.skin_blue[0]) & (blue <= WEARER.skin_blue[1]))


def _find_shoulders(mask: Mask, box: Box) -> int:
    """Return the first row below a neck that is as wide as shoulders are."""
    widths = mask.sum(axis=1)[box.top : box.bottom]
    upper = widths[: max(1, int(WEARER.chest * box.height))]
    narrow = upper < WEARER.shoulders * np.percentile(upper[upper > 0], 90)
    necks = np.flatnonzero(narrow[: max(1, int(WEARER.head_heights[1] * box.height))])
    return box.top + (int(necks[-1]) + 1 if len(necks) else 0)


def _find_face(skin: Mask, mask: Mask, box: Box, shoulders: int) -> Mask | None:
    """Return the skin above the shoulders, None if there is no head or neck."""
    if not WEARER.head_heights[0] <= (shoulders - box.top) / box.height <= WEARER.head_heights[1]:
        return None
    face = skin.copy()
    face[shoulders:] = False
    is_seen = face.sum() >= max(WEARER.face_pixels, WEARER.face_share * mask[:shoulders].sum())
    return face if is_seen else None


def _are_limbs(skin: Mask, mask: Mask, box: Box) -> bool:
    """Return whether skin lies where arms are, or the neck of a head that is cut off."""
    skin = open_mask(skin) & mask
    if not WEARER.limb_shares[0] <= skin.sum() / mask.sum() <= WEARER.limb_shares[1]:
        return False
    rows, columns = np.nonzero(skin)
    high = (rows - box.top) / box.height < WEARER.high
    aside = np.abs((columns - box.left + 0.5) / box.width - 0.5) > 0.5 - WEARER.side
    # Arms and head are at the edge of the silhouette; a skin-coloured print is not.
    is_at_edge = (skin & ~shrink_mask(mask)).any()
    return bool((high ^ aside).mean() > 0.5 and is_at_edge)


def _undress(colours: Colours, mask: Mask, skin: Mask, seen: Mask, shoulders: int) -> Mask | None:
    """Return the silhouette without what has the wearer's colour; None if cloth also has it."""
    own = np.median(colours[seen], axis=0)
    is_own = np.linalg.norm((colours - own) * _OWN_WEIGHTS, axis=-1) < WEARER.like_skin
    is_own &= cv2.dilate(skin.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    box = compute_box(mask)
    rows = slice(shoulders + int(0.08 * box.height), shoulders + max(3, int(0.35 * box.height)))
    columns = slice(box.left + int(0.3 * box.width), box.right - int(0.3 * box.width))
    torso = mask[rows, columns]
    if (is_own[rows, columns] & torso).sum() > WEARER.torso_share * torso.sum():
        return None
    garment = mask & ~is_own
    return garment if garment.any() else None


def find_gaps(rgb: Pixels, mask: Mask, skin: Mask) -> Mask:
    """Return where white paper is seen between an arm and the body, bool ``(h, w)``.

    White cloth is no gap: much of what borders on it is pale, too, and little of it is skin.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``: person and clothes, and the gaps that they enclose.
        skin: bool ``(h, w)``, the part of it that has the wearer's colour.
    """
    lightness = rgb.min(axis=2)
    labels, _ = ndimage.label(mask & (lightness >= GROUND.paper))
    sizes = np.bincount(labels.ravel())
    gaps = np.zeros_like(mask)
    for number in np.flatnonzero(sizes[1:] >= WEARER.gap * mask.sum()) + 1:
        gap = labels == number
        grown, around = (
            cv2.dilate(gap.astype(np.uint8), np.ones((n, n), np.uint8)) for n in (3, 5)
        )
        border = (around > 0) & mask & ~gap
        if not border.any():  # the whole mask is pale
            continue
        is_pale = (lightness >= WEARER.pale)[border]
        if skin[border].mean() >= WEARER.gap_skin and is_pale.mean() <= WEARER.gap_pale:
            gaps |= grown > 0  # pixels at its edge are mixed
    return gaps


def _take_head_off(colours: Colours, garment: Mask, box: Box, shoulders: int) -> Mask | None:
    """Remove what lies above the shoulders and lacks the chest's colour: hair."""
    kept = garment.copy()
    kept[:shoulders] = False
    chest = slice(shoulders, shoulders + max(2, int(0.2 * box.height)))
    if garment[chest].any():
        collar = slice(max(shoulders - int(WEARER.collar * box.height), 0), shoulders)
        cloth = np.median(colours[chest][garment[chest]], axis=0)
        alike = np.linalg.norm(colours[collar] - cloth, axis=-1) < WEARER.like_cloth
        kept[collar] = garment[collar] & alike
    return kept if kept.any() else None


def _are_legs_bare(mask: Mask, garment: Mask, box: Box) -> bool:
    """Return whether most of the lowest part was skin: then a dress ends above it."""
    low = slice(
        box.top + int(WEARER.low[0] * box.height), box.top + int(WEARER.low[1] * box.height) + 1
    )
    return bool(garment[low].sum() < 0.5 * mask[low].sum())


def _keep_one(garment: Mask, seam: int, *, is_upper: bool) -> Mask:
    kept = garment.copy()
    if is_upper or garment[:seam].sum() >= garment[seam:].sum():
        kept[seam:] = False
    else:
        kept[:seam] = False
    return kept
