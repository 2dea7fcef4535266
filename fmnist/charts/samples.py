"""Charts of the Samples page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import plotly.graph_objects as go

from fmnist.charts.explore_images import plot_images
from fmnist.charts.sheet import draw_sheet
from fmnist.classes import CLASS_NAMES, IMAGE_SIZE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fmnist.explore.samples import Neighbours

LARGE_PIXELS = 288
"""Height of an image with visible pixels: ten times its own."""


_BRIGHT: Final = 118
"""Minimum grey level on which black text has more contrast than white."""

_PIXELS_LABEL: Final = "Intensities of the pixels, one row per row of the image"
_PIXELS_STYLE: Final = """
.pixel-values { overflow-x: auto; }
.pixel-values table { border-collapse: collapse; font-size: 0.8rem; line-height: 1.7;
  font-variant-numeric: tabular-nums; }
.pixel-values th { font-weight: 400; opacity: 0.8; }
.pixel-values :is(th, td) { min-width: 2.1em; padding: 0; text-align: center; }
"""


def plot_item(
    image: NDArray[np.uint8], class_mean: NDArray[np.float64], label: int, title: str
) -> go.Figure:
    """Plot one image large, above the mean image of its class.

    Args:
        image: uint8 ``(28, 28)``.
        class_mean: float ``(28, 28)``.
        label: the label of the image.
        title: class and place of the image.
    """
    names = ("This image", f"Mean {CLASS_NAMES[label]}")
    return plot_images((image, class_mean), names, title=title, columns=1, tile_pixels=LARGE_PIXELS)


def draw_pixel_values(image: NDArray[np.uint8]) -> str:
    """Draw one image with its 784 intensities written into the pixels, as an HTML table.

    HTML rather than Plotly, so that the numbers keep their size and a narrow window scrolls.

    Args:
        image: uint8 ``(28, 28)``.
    """
    size = image.shape[1]
    head = "".join(f'<th scope="col">{column}</th>' for column in range(1, size + 1))
    rows = "".join(
        f'<tr><th scope="row">{row}</th>{"".join(map(_draw_pixel, values))}</tr>'
        for row, values in enumerate(image.tolist(), 1)
    )
    return (
        f'<div class="pixel-values" tabindex="0" role="group" aria-label="{_PIXELS_LABEL}">'
        f"<style>{_PIXELS_STYLE}</style>"
        f'<table><thead><tr><th scope="col">Row</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _draw_pixel(value: int) -> str:
    ink = "#fff" if value < _BRIGHT else "#000"
    return f'<td style="background:rgb({value},{value},{value});color:{ink}">{value}</td>'


def draw_neighbours(images: NDArray[np.uint8], neighbours: Neighbours, *, label: str) -> str:
    """Draw the nearest training images as a contact sheet in HTML, nearest first.

    Args:
        images: the neighbours' images, uint8 ``(n, 28, 28)``.
        neighbours: from ``explore.samples.find_neighbours``.
        label: what the images are, for screen readers.
    """
    captions = [
        f"{CLASS_NAMES[found]}, row {row:,}, differs by {distance / IMAGE_SIZE:.0f}"
        for row, found, distance in zip(
            neighbours.rows, neighbours.labels, neighbours.distance, strict=True
        )
    ]
    return draw_sheet(images, captions, label=label)
