"""The tunable constants for removing a wearer: one frozen dataclass per stage.

Colour distances are in the weighted L*a*b* units of ``compute_colours`` unless a field says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class WearerParameters:
    """How a wearer is detected and removed; the ranges of skin are those of Chai & Ngan, 1999.

    Attributes:
        skin_red: range of Cr of skin, 0–255; the paper begins at 133, which includes warm whites.
        skin_blue: range of Cb of skin, 0–255.
        skin_light: minimum Y of skin, 0–255.
        skin_weights: weights of L*, a* and b* in the distance to the wearer's skin colour: an arm
            may be in shade.
        skin_distance: maximum weighted distance of a pixel to the wearer's skin colour.
        fabric_distance: maximum distance of a hood or collar to the chest's colour.
        min_aspect: minimum ratio of height to width of a person from head to hips.
        neck_width: maximum width of a neck, as a fraction of the greatest width.
        chest: fraction of the height, from the top, that contains the shoulders.
        head_heights: minimum (a neck) and maximum height of a head, as fractions of the height.
        face_share: minimum fraction of a head that is skin; the rest is hair.
        face_pixels: minimum number of skin pixels in a face.
        limb_shares: range of the fraction of the silhouette that is skin: less is a label or print,
            more is a garment of that colour.
        neck_height: fraction of the height, from the top, in which a neck lies.
        arm_width: fraction of the width, on either side, in which arms lie.
        torso_share: fraction of the chest in the skin colour above which it counts as fabric.
        collar: fraction of the height, above the shoulders, in which a collar may lie.
        leg_heights: fractions of the height, from the top, between which legs are visible above
            shoes.
        min_left: minimum fraction of the silhouette that must remain for the result to count.
        gap_share: minimum size of a gap between an arm and the body, as a fraction of the
            silhouette.
        min_gap_skin: minimum fraction of skin around a gap.
        max_gap_pale: maximum fraction of pale pixels around a gap; white fabric has more.
        pale_level: minimum of red, green and blue, 0–255, of a pale pixel.
    """

    skin_red: tuple[int, int] = (136, 173)
    skin_blue: tuple[int, int] = (77, 124)
    skin_light: int = 60
    skin_weights: tuple[float, float, float] = (0.4, 1.0, 1.0)
    skin_distance: float = 22.0
    fabric_distance: float = 24.0
    min_aspect: float = 0.95
    neck_width: float = 0.62
    chest: float = 0.6
    head_heights: tuple[float, float] = (0.04, 0.4)
    face_share: float = 0.15
    face_pixels: int = 4
    limb_shares: tuple[float, float] = (0.02, 0.45)
    neck_height: float = 0.3
    arm_width: float = 0.25
    torso_share: float = 0.35
    collar: float = 0.1
    leg_heights: tuple[float, float] = (0.85, 0.95)
    min_left: float = 0.15
    gap_share: float = 0.008
    min_gap_skin: float = 0.3
    max_gap_pale: float = 0.4
    pale_level: int = 200


@dataclass(frozen=True)
class SeamParameters:
    """Limits of the seam between two garments; set on drawn wearers around validation images.

    Attributes:
        min_rows: minimum height of a garment, in rows, to look for a seam.
        min_above: minimum fraction of the height above the seam.
        min_below: minimum fraction of the height below the seam.
        near: fraction of the height within which the colour changes at a seam.
        min_distance: minimum distance between the colours of the two garments.
        min_jump: minimum fraction of that distance between the rows just above and below the seam.
        min_agreement: minimum fraction of the area that is closer to its own garment's colour than
            to the other's.
        strict_distance: as ``min_distance``, where both colours may belong to one garment.
        max_leg_width: maximum width of the lower part relative to the upper one, in the same case.
        min_top: as ``min_above``, for a top; anything above is a hood, or hair.
        hip_height: fraction of the height, from the top, below which trousers begin in a picture
            that shows a head and is cut off at the bottom.
        hip_distance: as ``min_distance``, at the hips: dark trousers below a dark top.
        hip_jump: as ``min_jump``, at the hips: in a picture of 60×80 pixels an edge is three rows
            wide.
    """

    min_rows: int = 10
    min_above: float = 0.2
    min_below: float = 0.15
    near: float = 0.03
    min_distance: float = 14.0
    min_jump: float = 0.8
    min_agreement: float = 0.93
    strict_distance: float = 30.0
    max_leg_width: float = 0.9
    min_top: float = 0.35
    hip_height: float = 0.6
    hip_distance: float = 11.0
    hip_jump: float = 0.4


WEARER: Final = WearerParameters()
SEAM: Final = SeamParameters()
