"""The tunable constants of segmenting a drawing: one frozen dataclass per stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class KindParameters:
    """When a picture counts as a drawing.

    Attributes:
        plain_share: share of the border in one tone, for the background to count as plain.
        tones: number of the commonest colours that are counted.
        tone_share: share of what stands out in those colours; antialiasing has the rest.
        thin_share: share of the picture below which strokes are thin lines, which may be
            antialiased throughout.
        even_share: share of pixels that equal their right neighbour in all other drawings.
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
        grid: pixels (cells) of the longest side on which ends are looked for: more than three
            times what the network sees.
        ink: share of a cell that is covered where a stroke passes.
        pad: cells of margin around the drawing.
        most_ends: with more, a drawing is a scribble; matching takes twice as long with each.
        longest_link: share of the drawing's size that a link has at most, on average.
        reach: how many times that one link may be.
        length_cost: cells enclosed that a link of one cell must bring; grows as its square.
        longest_stub: share of the drawing's size from a loose end to the nearest line.
        far_along: a way along the line of this many times the gap makes it a gap.
        outline_share: strokes that cover less than this share of what they enclose are an outline.
        grey: of 255: the most by which red, green and blue of a drawing without colours differ.
    """

    grid: int = 96
    ink: float = 0.25
    pad: int = 6
    most_ends: int = 14
    longest_link: float = 0.55
    reach: float = 1.6
    length_cost: float = 1.0
    longest_stub: float = 0.2
    far_along: float = 3.0
    outline_share: float = 0.5
    grey: int = 24


KIND: Final = KindParameters()
OUTLINE: Final = OutlineParameters()
