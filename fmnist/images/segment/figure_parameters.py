"""The tunable constants for reading figures: one frozen dataclass per stage, one instance each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FigureParameters:
    """How a plot's frame and the marks around it are detected.

    Measured on 300 figures drawn by Matplotlib from test images, in fifteen colour maps, six
    resolutions and five styles (docs/results.md).

    Attributes:
        contrasts: thresholds tried in turn, 0–255, largest channel: pixels that differ from the
            figure's background by more belong to a plot, its labels or its ticks. JPEG noise
            reaches 10; ``Blues`` begins 8 from white.
        plain_share: minimum fraction of the border in the background's colour, within the larger
            contrast; a title may be cut off there.
        min_side: minimum side of a plot, in pixels; a smaller one has fewer than 2.5 pixels per
            cell.
        min_item: minimum longest side, in pixels, of an item without a frame: 4 per cell. The 8×8
            blocks of a small JPEG look like cells of two pixels.
        min_cover: minimum fraction of a row or column that is drawn for it to cross the plot; ticks
            are shorter.
        max_stretch: maximum ratio of a plot's longer side to its shorter one; a colour bar has 20.
        sharp_cover: minimum fraction of each of the four edges that is drawn if the plot is a
            rectangle.
        min_ticks: minimum number of evenly spaced marks beside an edge that make it an axis.
        tick_width: maximum width of a tick, as a fraction of the plot's side.
        tick_jitter: maximum standard deviation of the gaps between ticks, as a fraction of their
            mean; they are rounded to whole pixels.
        same_side: maximum relative difference in the sides of two plots of the same size.
        min_letters: minimum number of separate pieces that make a title or labels.
        max_letter: maximum height of a letter, as a fraction of the figure's height.
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
    """How the 28×28 cells of an enlarged image are detected.

    Attributes:
        min_cell: minimum side of a cell, in pixels; smaller cells cannot be distinguished.
        reach: tolerance for the position of an edge between cells, in pixels; covers rounding and
            scaling.
        reach_share: the same tolerance for small cells, as a fraction of their side.
        min_edge_share: minimum fraction of the squared colour differences between neighbouring
            pixels that lies at the edges between cells, beyond what chance puts there: at least 0.9
            in PNG figures with plain cells, 0.6 in JPEG figures, at most 0.3 in photos.
        capped: one in this many edges may exceed the value at which an edge's strength is capped.
        lines: number of rows, or columns, compared to find the edges across them: four per cell.
        samples: pixels per side of a cell in the quick test for a smoothly enlarged image.
        search: how far the plot's edge may lie from the first cell's, in pixels, either way.
        step: step of that search, in pixels.
        core: side of the central part of a cell whose median is the cell's colour, as a fraction.
        line: width at the plot's edge, in pixels, that a line around the plot may cover.
        max_residual: maximum fraction of the variance left after interpolating 28×28 values, for a
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
        max_distance: maximum mean Euclidean distance in RGB, 0–255 per channel, to the nearest
            colours of a known map. Matplotlib's and OpenCV's versions differ by about 1; JPEG adds
            up to 6.
        compared: number of colours compared with each map; more take longer without changing the
            result.
        max_detour: maximum length of the path through all colours, sorted by luminance, relative to
            the distance between its ends: a sequential map curves, a diverging one goes back and
            forth.
    """

    max_distance: float = 8.0
    compared: int = 400
    max_detour: float = 4.0


FIGURES: Final = FigureParameters()
CELLS: Final = CellParameters()
COLOUR_MAPS: Final = ColourMapParameters()
