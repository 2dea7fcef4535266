"""The tunable constants of drawing segmentation: one frozen dataclass per stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class KindParameters:
    """When a picture counts as a drawing.

    Attributes:
        plain_share: minimum fraction of the border in one tone, for the background to count as
            plain.
        tones: number of most common colours considered.
        tone_share: minimum fraction of the foreground in those colours; antialiasing accounts for
            the rest.
        thin_share: fraction of the picture below which strokes count as thin lines, which may be
            antialiased throughout.
        even_share: minimum fraction of pixels that equal their right neighbour, in all other
            drawings.
    """

    plain_share: float = 0.85
    tones: int = 4
    tone_share: float = 0.6
    thin_share: float = 0.2
    even_share: float = 0.5


@dataclass(frozen=True)
class OutlineParameters:
    """How the loose ends of strokes are joined.

    Attributes:
        grid: longest side, in cells, of the grid on which ends are detected: more than three times
            the image's.
        ink: minimum fraction of a cell covered by a stroke that passes through it.
        pad: margin around the drawing, in cells.
        max_ends: maximum number of ends; a drawing with more is a scribble. Each end doubles the
            time that matching takes.
        longest_link: maximum average length of a link, as a fraction of the drawing's size.
        reach: maximum length of a single link, as a multiple of that.
        length_cost: enclosed cells that a link of one cell must gain; grows with the square of its
            length.
        longest_stub: maximum distance from a loose end to the nearest line, as a fraction of the
            drawing's size.
        far_along: minimum path length along the line, as a multiple of the gap, for it to count as
            a gap.
        outline_share: strokes that cover less than this fraction of what they enclose are an
            outline.
        grey: maximum difference between red, green and blue, 0–255, in a drawing without colours.
    """

    grid: int = 96
    ink: float = 0.25
    pad: int = 6
    max_ends: int = 14
    longest_link: float = 0.55
    reach: float = 1.6
    length_cost: float = 1.0
    longest_stub: float = 0.2
    far_along: float = 3.0
    outline_share: float = 0.5
    grey: int = 24


KIND: Final = KindParameters()
OUTLINE: Final = OutlineParameters()
