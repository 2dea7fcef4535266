"""The tunable constants of segmenting a photo: one frozen dataclass a stage, one instance each.

Colour distances are in the weighted units of L*a*b* of ``compute_colours`` unless a field says
otherwise; contrasts are those of ``compute_contrast``, 0–255. "Development photos" are the 172
phone photos of docs/decisions/0011-pictures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GroundParameters:
    """Which backgrounds count as black, and which as white paper.

    Attributes:
        black: grey value, 0–255, of the darkest background; also the deviation allowed on it.
        paper: the least of red, green and blue, 0–255, of white paper.
        paper_noise: deviation, 0–255, that a JPEG gives paper; windows and lamps are less even.
        paper_share: share of the border that must be paper: a wearer whom the picture cuts off at
            the hips and elbows covers the rest.
        grounds: grey values to lay transparent pictures on, in order of preference: white first,
            the ground that most drawings were made for.
    """

    black: float = 12.0
    paper: int = 236
    paper_noise: int = 4
    paper_share: float = 0.22
    grounds: tuple[int, ...] = (255, 0, 128)


@dataclass(frozen=True)
class SilhouetteParameters:
    """How a mask is cut from a plain background.

    Attributes:
        min_contrast: below it a picture counts as one flat tone.
        pale: contrast from which on cloth differs from a plain ground that is as even.
        halo: side, in pixels, of the square around a pixel in which JPEG lets a strong colour reach
            it.
        halo_share: of the highest contrast in that square, what a pixel of the garment has at
            least. With four settings of these three, 70.8 to 72.6 % of the shop pictures were
            classified correctly, most with this one; 67.6 % without them.
        tear_share: share of a silhouette that a tear in pale cloth covers at least.
        pale_cloth: contrast below which cloth is pale.
        pale_share: share of what borders on a tear that is pale; between the legs of dark trousers
            it is 0.2 to 0.3, in a white shirt nearly all.
        luminance_weight: of luminance in the contrast; with 1, shadows separate worse from cloth
            on the development photos.
        red_weight: of R - Y: twice the Cr of ITU-R BT.601.
        blue_weight: of B - Y: twice the Cb of ITU-R BT.601.
        flat_noise: contrast along the border (75th percentile) up to which the background is a
            studio's or a canvas's.
        speck_share: share of the heaviest piece's weight that a piece needs to stay: a shoe's
            second strap stays, dust goes.
        centrality: exponent of a pixel's weight: one in the corner counts a fiftieth of one in
            the middle.
        reach: share of the longest side by which one may miss a piece when pointing at it.
    """

    min_contrast: float = 8.0
    pale: float = 5.0
    halo: int = 5
    halo_share: float = 0.25
    tear_share: float = 0.05
    pale_cloth: float = 60.0
    pale_share: float = 0.7
    luminance_weight: float = 0.7
    red_weight: float = 2 * 0.713
    blue_weight: float = 2 * 0.564
    flat_noise: float = 8.0
    speck_share: float = 0.12
    centrality: float = 8.0
    reach: float = 0.01


@dataclass(frozen=True)
class SaliencyParameters:
    """How far a pixel is from the border, through changes of colour.

    Attributes:
        grid: pixels of the longest side that distances are computed on: coarse enough to ignore
            the weave.
        lightness_weight: of L*: shadows and folds differ in lightness.
        colour_weight: of a* and b*: cloth and floor differ in colour.
        noise_percentile: of the changes along the border; smaller ones are the background's own.
        step_cost: distance that every step costs besides.
        half: distance at which saliency is one half; it grows little from there on, so that a
            print on a shirt does not outweigh the shirt.
    """

    grid: int = 72
    lightness_weight: float = 0.6
    colour_weight: float = 1.6
    noise_percentile: int = 70
    step_cost: float = 0.02
    half: float = 14.0


@dataclass(frozen=True)
class CandidateParameters:
    """How candidate masks are refined by GrabCut, and scored.

    Attributes:
        side: longest side, in pixels, of the picture that GrabCut divides. On the whole, 192, it
            took five times as long and classified no more of the phone photos.
        second_side: the same for a garment's second mask. Of five pairs of sides on the phone
            photos, 68.4 to 71.8 % were classified correctly, the most with this one; 70.2 % with
            no second mask.
        certain: score from which on no further candidate is looked for. Nine of 343 phone photos
            have one of a higher score then, and no fewer are classified correctly (70.4 %, before
            70.1 %).
        least_pixels: on either side of a mask, for GrabCut to model their colours.
        middle: half axes of an ellipse in the middle, as shares of width and height.
        wide: the same of an ellipse that covers nearly everything.
        near: the same of one at the point where a person said that the garment is.
        around: the same of a larger one there.
        trust_worn: added to the score of a garment found on a wearer.
        trust_ground: added to the score of what differs from a plain background.
        trust_distance: added to the score of what is far from the border.
        band: share of the longest side within which colours are compared across a mask's edge.
        shares: of the picture that a garment may cover, least and most.
    """

    side: int = 64
    second_side: int = 96
    certain: float = 1.7
    least_pixels: int = 20
    middle: tuple[float, float] = (0.33, 0.38)
    wide: tuple[float, float] = (0.44, 0.46)
    near: tuple[float, float] = (0.12, 0.15)
    around: tuple[float, float] = (0.25, 0.3)
    trust_worn: float = 2.0
    trust_ground: float = 1.0
    trust_distance: float = 0.12
    band: float = 0.03
    shares: tuple[float, float] = (0.01, 0.97)


@dataclass(frozen=True)
class WearerParameters:
    """How a wearer is seen and removed; the ranges of skin are those of Chai & Ngan, 1999.

    Attributes:
        skin_red: Cr of skin, 0–255; from 133 in the paper, where warm whites begin to count.
        skin_blue: Cb of skin, 0–255.
        skin_light: Y, 0–255, that skin has at least.
        own_weights: of L*, a* and b* in the distance to the wearer's own colour: an arm may lie
            in the shade.
        like_skin: distance, so weighted, within which a pixel has the wearer's colour.
        like_cloth: distance to the chest's colour within which a hood or collar stays.
        upright: height by width that a person from head to hips has at least.
        shoulders: share of the greatest width from which on a row is no neck.
        chest: share of the height, from the top, that holds the shoulders.
        head_heights: share of the height that a head takes, least (a neck) and most.
        face_share: share of a head that is skin at least; the rest is hair.
        face_pixels: of skin that a face has at least.
        limb_shares: share of the silhouette that is skin: less is a label or print, more is a
            garment of skin's colour.
        high: share of the height, from the top, where a neck is.
        side: share of the width, at either side, where arms are.
        torso_share: share of the chest in the wearer's colour from which on that is cloth.
        collar: share of the height, above the shoulders, where a collar may be.
        low: shares of the height, from the top, between which legs are seen, above shoes.
        least_left: share of the silhouette that the garment must keep to be believed.
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


@dataclass(frozen=True)
class SeamParameters:
    """Where one cloth ends and another begins; set on drawn wearers around validation images.

    Attributes:
        least_rows: of a garment in which a seam is looked for.
        least_above: share of the height that the upper cloth takes.
        least_below: share of the height that the lower cloth takes.
        near: share of the height within which the colour changes at a seam.
        apart: distance of the two cloths' colours.
        jump: share of that distance which lies between the rows near the seam.
        agreed: share of the area that is more like its own cloth than like the other.
        apart_strict: as ``apart``, where two colours may be one garment's.
        legs: share of the upper part's width that the lower one has at most, likewise.
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


@dataclass(frozen=True)
class FrameParameters:
    """What counts as a plain frame around a picture.

    Attributes:
        max_layers: frames within frames: a line around a passe-partout around a picture.
        min_inside: share of the area that must remain: what is smaller is the subject itself.
        plain_share: share of a row or column in one colour that makes it a frame's.
    """

    max_layers: int = 4
    min_inside: float = 0.5
    plain_share: float = 0.98


@dataclass(frozen=True)
class CutOutParameters:
    """From which cut-out of a garment no class is said; set on the phone and shop pictures.

    Attributes:
        areas: share of the picture that the mask covers, least and most. Below 0.02 it has fewer
            pixels than the image; of four photos above 0.7 one was classified correctly.
        border: share of the picture's edge that the mask covers at most; five of fifteen above.
        contrast: of the colours beside the mask's edge, least, 0 to 40; eight of eighteen below.
    """

    areas: tuple[float, float] = (0.02, 0.7)
    border: float = 0.2
    contrast: float = 12.0


GROUND: Final = GroundParameters()
SILHOUETTE: Final = SilhouetteParameters()
SALIENCY: Final = SaliencyParameters()
CANDIDATES: Final = CandidateParameters()
WEARER: Final = WearerParameters()
SEAM: Final = SeamParameters()
FRAME: Final = FrameParameters()
CUT_OUT: Final = CutOutParameters()
