"""Removes the wearer's head, arms, legs and other clothes from a silhouette."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from fmnist.images.compose.fit import Box, compute_box
from fmnist.images.records import Mask, Pixels
from fmnist.images.segment.parameters import BACKGROUND
from fmnist.images.segment.saliency import compute_colours
from fmnist.images.segment.seam import find_seam
from fmnist.images.segment.silhouette import drop_specks, fill_holes, open_mask, shrink_mask
from fmnist.images.segment.wearer_parameters import WEARER

Colours = npt.NDArray[np.float32]
"""Weighted L*a*b*, float32 ``(h, w, 3)``, from ``compute_colours``."""


_SKIN_WEIGHTS: Final = np.array(WEARER.skin_weights, np.float32)


def remove_wearer(rgb: Pixels, mask: Mask) -> Mask | None:
    """Return the main garment that a person wears; None if no wearer is detected.

    A wearer is detected by the skin of a head above shoulders, or of arms. Pixels of that skin
    colour are removed, unless the fabric has it too. Everything above the shoulders is removed
    except a collar or hood. Below a head, gaps between arms and body are removed as well.

    Where one garment meets another, one of them is kept: the upper one below a head, since shops
    show trousers without one; otherwise the larger. Two garments are separated even where no skin
    is visible. Above bare legs both count as one dress, unless they differ strongly. Intended for
    shop pictures on a plain background: on a floor, wood and warm light look like skin.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``, not empty: person and clothes.
    """
    box = compute_box(mask)
    if box.height < WEARER.min_aspect * box.width:
        return None
    colours = compute_colours(rgb)
    shoulders = _find_shoulders(mask, box)
    skin = _find_skin_tones(rgb) & mask
    face = _find_face(skin, mask, box, shoulders)
    garment = None
    if face is not None or _has_limbs(skin, mask, box):
        garment = _remove_skin(colours, mask, skin, skin if face is None else face, shoulders)
    is_cut_off = bool(mask[-2:].any())
    if garment is None and face is not None and is_cut_off:
        garment = mask  # the fabric has the colour of the skin
    if garment is not None and face is not None:
        garment = garment & ~find_gaps(rgb, mask, mask & ~garment)
        garment = _remove_head(colours, garment, box, shoulders)
    is_worn = garment is not None
    garment = mask if garment is None else garment
    strict = not is_worn or _are_legs_bare(mask, garment, box)
    is_top = face is not None and is_cut_off and not strict
    seam = find_seam(colours, garment, strict=strict, is_top=is_top)
    if seam is not None:
        garment = _keep_garment(garment, seam, is_upper=is_worn and face is not None)
    elif not is_worn:
        return None
    garment = fill_holes(drop_specks(open_mask(garment)))
    return garment if garment.sum() >= WEARER.min_left * mask.sum() else None


def _find_skin_tones(rgb: Pixels) -> Mask:
    light, red, blue = cv2.split(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YCrCb))
    skin = (red >= WEARER.skin_red[0]) & (red <= WEARER.skin_red[1]) & (light >= WEARER.skin_light)
    return np.asarray(skin & (blue >= WEARER.skin_blue[0]) & (blue <= WEARER.skin_blue[1]))


def _find_shoulders(mask: Mask, box: Box) -> int:
    """Return the first row below the neck that is too wide to be one."""
    widths = mask.sum(axis=1)[box.top : box.bottom]
    upper = widths[: max(1, int(WEARER.chest * box.height))]
    narrow = upper < WEARER.neck_width * np.percentile(upper[upper > 0], 90)
    necks = np.flatnonzero(narrow[: max(1, int(WEARER.head_heights[1] * box.height))])
    return box.top + (int(necks[-1]) + 1 if len(necks) else 0)


def _find_face(skin: Mask, mask: Mask, box: Box, shoulders: int) -> Mask | None:
    """Return the skin above the shoulders; None if there is no head or neck."""
    if not WEARER.head_heights[0] <= (shoulders - box.top) / box.height <= WEARER.head_heights[1]:
        return None
    face = skin.copy()
    face[shoulders:] = False
    is_seen = face.sum() >= max(WEARER.face_pixels, WEARER.face_share * mask[:shoulders].sum())
    return face if is_seen else None


def _has_limbs(skin: Mask, mask: Mask, box: Box) -> bool:
    """Return whether there is skin where arms are, or the neck of a head that is cut off."""
    skin = open_mask(skin) & mask
    if not WEARER.limb_shares[0] <= skin.sum() / mask.sum() <= WEARER.limb_shares[1]:
        return False
    rows, columns = np.nonzero(skin)
    high = (rows - box.top) / box.height < WEARER.neck_height
    aside = np.abs((columns - box.left + 0.5) / box.width - 0.5) > 0.5 - WEARER.arm_width
    # Arms and head touch the edge of the silhouette; a skin-coloured print does not.
    is_at_edge = (skin & ~shrink_mask(mask)).any()
    return bool((high ^ aside).mean() > 0.5 and is_at_edge)


def _remove_skin(
    colours: Colours, mask: Mask, skin: Mask, seen: Mask, shoulders: int
) -> Mask | None:
    """Return the silhouette without the skin; None if the fabric has the same colour."""
    own = np.median(colours[seen], axis=0)
    is_own = np.linalg.norm((colours - own) * _SKIN_WEIGHTS, axis=-1) < WEARER.skin_distance
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
    """Return the white background visible between an arm and the body, bool ``(h, w)``.

    White fabric is no gap: its surroundings are mostly pale, with little skin.

    Args:
        rgb: uint8 ``(h, w, 3)``.
        mask: bool ``(h, w)``: person and clothes, including enclosed gaps.
        skin: bool ``(h, w)``, the part of the mask in the wearer's skin colour.
    """
    lightness = rgb.min(axis=2)
    labels, _ = ndimage.label(mask & (lightness >= BACKGROUND.white))
    sizes = np.bincount(labels.ravel())
    gaps = np.zeros_like(mask)
    for number in np.flatnonzero(sizes[1:] >= WEARER.gap_share * mask.sum()) + 1:
        gap = labels == number
        grown, around = (
            cv2.dilate(gap.astype(np.uint8), np.ones((n, n), np.uint8)) for n in (3, 5)
        )
        border = (around > 0) & mask & ~gap
        if not border.any():  # the whole mask is pale
            continue
        is_pale = (lightness >= WEARER.pale_level)[border]
        if skin[border].mean() >= WEARER.min_gap_skin and is_pale.mean() <= WEARER.max_gap_pale:
            gaps |= grown > 0  # pixels at its edge mix both sides
    return gaps


def _remove_head(colours: Colours, garment: Mask, box: Box, shoulders: int) -> Mask | None:
    """Remove everything above the shoulders that lacks the chest's colour, such as hair."""
    kept = garment.copy()
    kept[:shoulders] = False
    chest = slice(shoulders, shoulders + max(2, int(0.2 * box.height)))
    if garment[chest].any():
        collar = slice(max(shoulders - int(WEARER.collar * box.height), 0), shoulders)
        fabric = np.median(colours[chest][garment[chest]], axis=0)
        alike = np.linalg.norm(colours[collar] - fabric, axis=-1) < WEARER.fabric_distance
        kept[collar] = garment[collar] & alike
    return kept if kept.any() else None


def _are_legs_bare(mask: Mask, garment: Mask, box: Box) -> bool:
    """Return whether most of the lowest part was skin, as below the hem of a dress."""
    low = slice(
        box.top + int(WEARER.leg_heights[0] * box.height),
        box.top + int(WEARER.leg_heights[1] * box.height) + 1,
    )
    return bool(garment[low].sum() < 0.5 * mask[low].sum())


def _keep_garment(garment: Mask, seam: int, *, is_upper: bool) -> Mask:
    kept = garment.copy()
    if is_upper or garment[:seam].sum() >= garment[seam:].sum():
        kept[seam:] = False
    else:
        kept[:seam] = False
    return kept
