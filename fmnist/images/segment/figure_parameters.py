"""The tunable constants of reading figures: one frozen dataclass per stage, one instance each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FigureParameters:
    """How a plot's frame and the marks around it are found.

    Measured on 300 figures that Matplotlib drew of test images, in fifteen colour maps, six
    resolutions and five styles (docs/results.md).

    Attributes:
        contrasts: of 255, largest channel, tried in turn: what differs by more from the figure's
            background belongs to a plot, its labels or ticks. A JPEG's noise reaches 10;
            ``Blues`` begins 8 from white.
        plain_share: share of the border that has the background's colour, within the greater of
            the contrasts; a title may be cut off there.
        min_side: pixels; a smaller plot has fewer than 2.5 pixels per cell.
        min_item: pixels of an item's longest side where no frame says where its cells begin: 4 a
            cell. The 8×8 blocks of a small JPEG pass for cells of two pixels.
        min_cover: share of a row or column that is drawn, from which on it crosses the plot: ticks
            reach less far.
        max_stretch: longer by shorter side of a plot; a colour bar's is 20.
        sharp_cover: share of each of the four edges that is drawn where the plot is a rectangle.
        min_ticks: marks beside an edge, evenly spaced, that make it an axis.
        tick_width: share of the plot's side that a tick is wide at most.
        tick_jitter: standard deviation of the ticks' gaps, as a share of their mean: rounding to
            whole pixels.
        same_side: share of a plot's sides by which another's may differ to count as its like.
        min_letters: pieces apart from the plot that make a title or labels.
        max_letter: share of the figure's height that a letter is high at most.
    """

    contrasts: tuple[int, ...] = (10, 2)
    plain_share: float = 0.8
    min_side: int = 70
    min_item: int = 112
    min_cover: float = 0.6
    max_stretch: float = 2.5
    sharp_cover: float = 0.95
    min_ticks: int = 3
    tick_width: float = 0.02
    tick_jitter: float = 0.12
    same_side: float = 0.05
    min_letters: int = 4
    max_letter: float = 0.08


@dataclass(frozen=True)
class CellParameters:
    """How the 28×28 cells of an enlarged image are recognised.

    Attributes:
        min_cell: pixels per side of a cell, below which cells cannot be seen.
        reach: pixels by which an edge between cells may be off, rounding and scaling included.
        reach_share: the same, as a share of a small cell's side.
        min_edge_share: share of the squared colour differences between neighbouring pixels that
            lies at the edges between cells, beyond what chance puts there: 0.9 and more in PNG
            figures with plain cells, 0.6 in JPEG ones, at most 0.3 in photos.
        capped: one in this many edges may be stronger than what any edge counts at most.
        lines: rows, or columns, that are compared to find the edges across them: four per cell.
        samples: pixels per side of a cell that show whether an image may be smoothly enlarged.
        search: pixels by which the plot's edge may lie within or without the first cell's.
        step: pixels, of that search.
        core: share of a cell's side, in its middle, whose median is its colour.
        line: pixels at the plot's edge that a line around it may cover.
        max_residual: share of the variance that an interpolation of 28×28 values leaves, for a
            smoothly enlarged image; photos leave more.
    """

    min_cell: float = 2.5
    reach: float = 1.0
    reach_share: float = 0.25
    min_edge_share: float = 0.65
    capped: int = 3
    lines: int = 112
    samples: int = 4
    search: float = 2.0
    step: float = 0.5
    core: float = 0.5
    line: int = 3
    max_residual: float = 0.03


@dataclass(frozen=True)
class ColourMapParameters:
    """When colours count as those of a colour map.

    Attributes:
        max_distance: mean Euclidean distance in RGB, of 255, to the nearest colours of a known
            map. Matplotlib's and OpenCV's differ by about 1; a JPEG adds up to 6.
        compared: colours that are compared with each map; more take longer and change nothing.
        max_detour: length of the way through all colours in the order of luminance, by the
            distance of its ends: a sequential map curves, a diverging one goes to and fro.
    """

    max_distance: float = 8.0
    compared: int = 400
    max_detour: float = 4.0


FIGURES: Final = FigureParameters()
CELLS: Final = CellParameters()
COLOUR_MAPS: Final = ColourMapParameters()
