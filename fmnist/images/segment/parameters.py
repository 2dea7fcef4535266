"""The tunable constants of segmenting a photo: one frozen dataclass per stage, one instance each.

Colour distances are in the weighted units of L*a*b* of ``compute_colours`` unless a field says
otherwise; contrasts are those of ``compute_contrast``, 0–255. "Development photos" are the 172
phone photos of docs/decisions/0011-pictures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GroundParameters:
    """Limits of backgrounds that count as black or as white paper.

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
    """Parameters of a mask on a plain background.

    Attributes:
        min_contrast: below it a picture counts as one flat tone.
        pale: contrast from which on cloth differs from a plain ground that is as even.
        halo: side, in pixels, of the square around a pixel in which JPEG lets a strong colour reach
            it.
        halo_share: the share of the highest contrast in that square that a pixel of the garment has
            at least. With four settings of these three, 70.8 to 72.6 % of the shop pictures were
            classified correctly, most with this one; 67.6 % without them.
        tear_share: share of a silhouette that a tear in pale cloth covers at least.
        pale_cloth: contrast below which cloth is pale.
        pale_share: share of what borders on a tear that is pale; between the legs of dark trousers
            it is 0.2 to 0.3, in a white shirt nearly all.
        luminance_weight: weight of luminance in the contrast; with 1, shadows separate worse from
            cloth on the development photos.
        red_weight: weight of R - Y: twice the Cr of ITU-R BT.601.
        blue_weight: weight of B - Y: twice the Cb of ITU-R BT.601.
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
        lightness_weight: weight of L*: shadows and folds differ in lightness.
        colour_weight: weight of a* and b*: cloth and floor differ in colour.
        noise_percentile: percentile of the changes along the border; smaller ones are the
            background's own.
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
        shares: least and largest share of the picture that a garment may cover.
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
    """The limits of a cut-out, beyond which no class is given; set on the phone and shop pictures.

    Attributes:
        areas: share of the picture that the mask covers, least and most. Below 0.02 it has fewer
            pixels than the image; of four photos above 0.7 one was classified correctly.
        border: share of the picture's edge that the mask covers at most; five of fifteen above.
        contrast: least contrast of the colours beside the mask's edge, 0 to 40; eight of eighteen
            below.
    """

    areas: tuple[float, float] = (0.02, 0.7)
    border: float = 0.2
    contrast: float = 12.0


GROUND: Final = GroundParameters()
SILHOUETTE: Final = SilhouetteParameters()
SALIENCY: Final = SaliencyParameters()
CANDIDATES: Final = CandidateParameters()
FRAME: Final = FrameParameters()
CUT_OUT: Final = CutOutParameters()
