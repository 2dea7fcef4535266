"""The tunable constants of removing a wearer: one frozen dataclass a stage.

Colour distances are in the weighted units of L*a*b* of ``compute_colours`` unless a field says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WearerParameters:
    """How a wearer is seen and removed; the ranges of skin are those of Chai & Ngan, 1999.

    Attributes:
        skin_red: Cr of skin, 0–255; from 133 in the paper, where warm whites begin to count.
        skin_blue: Cb of skin, 0–255.
        skin_light: Y, 0–255, that skin has at least.
        own_weights: weights of L*, a* and b* in the distance to the wearer's own colour: an arm may
            lie in the shade.
        like_skin: distance, so weighted, within which a pixel has the wearer's colour.
        like_cloth: distance to the chest's colour within which a hood or collar stays.
        upright: height by width that a person from head to hips has at least.
        shoulders: share of the greatest width from which on a row is no neck.
        chest: share of the height, from the top, that holds the shoulders.
        head_heights: share of the height that a head takes, least (a neck) and most.
        face_share: share of a head that is skin at least; the rest is hair.
        face_pixels: pixels of skin that a face has at least.
        limb_shares: share of the silhouette that is skin: less is a label or print, more is a
            garment of skin's colour.
        high: share of the height, from the top, where a neck is.
        side: share of the width, at either side, where arms are.
        torso_share: share of the chest in the wearer's colour from which on that is cloth.
        collar: share of the height, above the shoulders, where a collar may be.
        low: shares of the height, from the top, between which legs are seen, above shoes.
        least_left: share of the silhouette that the garment must keep to be believed.
        gap: share of the silhouette that a gap between an arm and the body has at least.
        gap_skin: share of what borders on it that is skin at least.
        gap_pale: share of what borders on it that is pale at most: white cloth is no gap.
        pale: the least of red, green and blue, 0 to 255, of what is pale.
    """

    skin_red: tuple[int, int] = (136, 173)
    skin_blue: tuple[int, int] = (77, 124)
    skin_light: int = 60
    own_weights: tuple[float, float, float] = (0.4, 1.0, 1.0)
    like_skin: float = 22.0
    like_cloth: float = 24.0
    upright: float = 0.95
    shoulders: float = 0.62
    chest: float = 0.6
    head_heights: tuple[float, float] = (0.04, 0.4)
    face_share: float = 0.15
    face_pixels: int = 4
    limb_shares: tuple[float, float] = (0.02, 0.45)
    high: float = 0.3
    side: float = 0.25
    torso_share: float = 0.35
    collar: float = 0.1
    low: tuple[float, float] = (0.85, 0.95)
    least_left: float = 0.15
    gap: float = 0.008
    gap_skin: float = 0.3
    gap_pale: float = 0.4
    pale: int = 200


@dataclass(frozen=True)
class SeamParameters:
    """Limits of the seam between two garments; set on drawn wearers around validation images.

    Attributes:
        least_rows: least rows of a garment in which a seam is searched for.
        least_above: share of the height that the upper cloth takes.
        least_below: share of the height that the lower cloth takes.
        near: share of the height within which the colour changes at a seam.
        apart: distance of the two cloths' colours.
        jump: share of that distance which lies between the rows near the seam.
        agreed: share of the area that is more like its own cloth than like the other.
        apart_strict: as ``apart``, where two colours may be one garment's.
        legs: share of the upper part's width that the lower one has at most, likewise.
        least_top: as ``least_above``, of a top: above it lies a hood, or hair.
        hips: share of the height, from the top, below which trousers begin in a picture that shows
            a head and is cut off by its lower edge.
        apart_hips: as ``apart``, there: dark trousers below a dark top.
        jump_hips: as ``jump``, there: in a picture of 60×80 pixels an edge is three rows wide.
    """

    least_rows: int = 10
    least_above: float = 0.2
    least_below: float = 0.15
    near: float = 0.03
    apart: float = 14.0
    jump: float = 0.8
    agreed: float = 0.93
    apart_strict: float = 30.0
    legs: float = 0.9
    least_top: float = 0.35
    hips: float = 0.6
    apart_hips: float = 11.0
    jump_hips: float = 0.4


WEARER: Final = WearerParameters()
SEAM: Final = SeamParameters()
