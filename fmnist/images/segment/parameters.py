"""The tunable constants of photo segmentation: one frozen dataclass per stage, one instance each.

Colour distances are in the weighted L*a*b* units of ``compute_colours`` unless a field says
otherwise; contrasts are those of ``compute_contrast``, 0–255. "Development photos" are the 172
phone photos of docs/decisions/0011-pictures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class BackgroundParameters:
    """When a background counts as black or white.

    Attributes:
        black: maximum grey value, 0–255, of a black background; also the deviation allowed on it.
        white: minimum of red, green and blue, 0–255, on a white background.
        white_noise: maximum deviation, 0–255, on a white background, from JPEG noise; windows and
            lamps are less even.
        white_share: minimum fraction of the border that is white; a wearer cropped at the hips and
            elbows covers the rest.
        greys: grey values onto which transparent pictures are composited, in order of preference:
            white first, since most drawings are made for it.
    """

    black: float = 12.0
    white: int = 236
    white_noise: int = 4
    white_share: float = 0.22
    greys: tuple[int, ...] = (255, 0, 128)


@dataclass(frozen=True)
class SilhouetteParameters:
    """Parameters of a mask on a plain background.

    Attributes:
        min_contrast: contrast below which a picture counts as one flat tone.
        pale: minimum contrast between fabric and a plain, equally even background.
        halo: side, in pixels, of the neighbourhood over which JPEG spreads a strong colour.
        halo_share: minimum contrast of a garment's pixel, as a fraction of the highest contrast in
            that neighbourhood. Of four settings of the last three parameters, this one classified
            most shop pictures correctly (72.6 %, the others from 70.8 %; 67.6 % without them).
        hole_share: minimum area of a hole in pale fabric, as a fraction of the silhouette.
        pale_fabric: contrast below which fabric counts as pale.
        pale_share: minimum fraction of pale pixels around a hole in pale fabric: nearly all in a
            white shirt, 0.2 to 0.3 between the legs of dark trousers.
        luminance_weight: weight of luminance in the contrast; with 1, shadows separate less well
            from fabric on the development photos.
        red_weight: weight of R - Y: twice the Cr of ITU-R BT.601.
        blue_weight: weight of B - Y: twice the Cb of ITU-R BT.601.
        flat_noise: maximum contrast along the border (75th percentile) of a plain background, as in
            a studio or on a canvas.
        speck_share: minimum weight of a piece that is kept, as a fraction of the heaviest piece's:
            a shoe's second strap is kept, dust is not.
        centrality: exponent of a pixel's weight: a pixel in the corner counts a fiftieth of one in
            the middle.
        reach: how far a point may miss a piece, as a fraction of the longest side.
    """

    min_contrast: float = 8.0
    pale: float = 5.0
    halo: int = 5
    halo_share: float = 0.25
    hole_share: float = 0.05
    pale_fabric: float = 60.0
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
    """How saliency is computed: the distance from the border through changes of colour.

    Attributes:
        grid: longest side, in pixels, of the grid on which distances are computed: coarse enough to
            ignore the weave.
        lightness_weight: weight of L*: shadows and folds differ in lightness.
        colour_weight: weight of a* and b*: fabric and floor differ in colour.
        noise_percentile: percentile of the changes along the border; smaller changes are attributed
            to the background.
        step_cost: additional cost of every step.
        half: distance at which saliency is one half; it levels off beyond, so that a print does not
            outweigh the shirt.
    """

    grid: int = 72
    lightness_weight: float = 0.6
    colour_weight: float = 1.6
    noise_percentile: int = 70
    step_cost: float = 0.02
    half: float = 14.0


@dataclass(frozen=True)
class CandidateParameters:
    """How candidate masks are refined by GrabCut and scored.

    Attributes:
        side: longest side, in pixels, of the picture that GrabCut splits. At 192 pixels it took
            five times as long and classified no more phone photos correctly.
        second_side: the same for a garment's second mask. Of five pairs of sides, this one
            classified most phone photos correctly (71.8 %, the others from 68.4 %; 70.2 % without a
            second mask).
        certain: score from which no further candidate is computed. A later candidate scores higher
            in nine of 343 phone photos, but no fewer are classified correctly (70.4 %, against
            70.1 % with all candidates).
        min_pixels: minimum number of pixels on either side of a mask, for GrabCut to model their
            colours.
        fit_rounds: GrabCut's iterations while it fits its colour models; 0 fits them to the rough
            mask.
        cut_rounds: GrabCut's iterations with these models fixed; OpenCV never makes more than one.
        middle: half axes of an ellipse in the middle, as fractions of width and height.
        wide: the same for an ellipse that covers almost everything.
        near: the same for an ellipse around a point given by a person.
        around: the same for a larger ellipse around that point.
        bonus_worn: added to the score of a garment found on a wearer.
        bonus_background: added to the score of what differs from a plain background.
        bonus_distance: added to the score of what is far from the border.
        band: width of the band along a mask's edge in which colours are compared, as a fraction of
            the longest side.
        shares: minimum and maximum fraction of the picture that a garment may cover.
    """

    side: int = 64
    second_side: int = 96
    certain: float = 1.7
    min_pixels: int = 20
    fit_rounds: int = 0
    cut_rounds: int = 1
    middle: tuple[float, float] = (0.33, 0.38)
    wide: tuple[float, float] = (0.44, 0.46)
    near: tuple[float, float] = (0.12, 0.15)
    around: tuple[float, float] = (0.25, 0.3)
    bonus_worn: float = 2.0
    bonus_background: float = 1.0
    bonus_distance: float = 0.12
    band: float = 0.03
    shares: tuple[float, float] = (0.01, 0.97)


@dataclass(frozen=True)
class FrameParameters:
    """What counts as a plain frame around a picture.

    Attributes:
        max_layers: maximum number of nested frames: a line around a mount around a picture.
        min_inside: minimum fraction of the area inside; anything smaller is the subject itself.
        plain_share: minimum fraction of a row or column in one colour for it to belong to a frame.
    """

    max_layers: int = 4
    min_inside: float = 0.5
    plain_share: float = 0.98


@dataclass(frozen=True)
class CutOutParameters:
    """The limits of a mask beyond which no class is given; set on the phone and shop pictures.

    Attributes:
        areas: minimum and maximum fraction of the picture that the mask covers. Below 0.02 it has
            fewer pixels than the image; of four photos above 0.7, one was classified correctly.
        max_border: maximum fraction of the picture's edge that the mask covers; of fifteen photos
            above, five were classified correctly.
        min_contrast: minimum contrast between the two sides of the mask's edge, 0 to 40; of
            eighteen photos below, eight were classified correctly.
    """

    areas: tuple[float, float] = (0.02, 0.7)
    max_border: float = 0.2
    min_contrast: float = 12.0


BACKGROUND: Final = BackgroundParameters()
SILHOUETTE: Final = SilhouetteParameters()
SALIENCY: Final = SaliencyParameters()
CANDIDATES: Final = CandidateParameters()
FRAME: Final = FrameParameters()
CUT_OUT: Final = CutOutParameters()
