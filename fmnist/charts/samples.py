"""Charts of the Samples page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from fmnist.charts.explore_images import add_numbered_cells, plot_images
from fmnist.charts.theme import apply_layout
from fmnist.classes import CLASS_NAMES, IMAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from fmnist.explore.samples import Neighbours

LARGE_PIXELS = 288
"""Height of an image on which single pixels are to be seen: ten times its own."""


def plot_item(
    image: NDArray[np.uint8], class_mean: NDArray[np.float64], label: int, title: str
) -> go.Figure:
    """Plot one image large, above the mean image of its class.

    Args:
        image: uint8 ``(28, 28)``.
        class_mean: float ``(28, 28)``.
        label: its label.
        title: class and place of the image.
    """
    names = ("This image", f"Mean {CLASS_NAMES[label]}")
    return plot_images((image, class_mean), names, title=title, columns=1, tile_pixels=LARGE_PIXELS)


def plot_pixel_values(image: NDArray[np.uint8], title: str) -> go.Figure:
    """Plot one image with its 784 intensities written into the pixels.

    Args:
        image: uint8 ``(28, 28)``.
        title: class and place of the image.
    """
    figure = go.Figure()
    add_numbered_cells(
        figure,
        image,
        threshold=127,
        x0=1,
        y0=1,
        texttemplate="%{z:.0f}",
        hovertemplate="row %{y}, column %{x}: intensity %{z:.0f}<extra></extra>",
    )
    colorbar = {"title": {"text": "intensity (0–255)", "side": "right"}, "thickness": 12}
    figure.update_traces(textfont_size=9)
    figure.update_layout(
        coloraxis={"colorscale": "Gray", "cmin": 0, "cmax": 255, "colorbar": colorbar}
    )
    apply_layout(figure, title=title, x_title="column", y_title="row", height=680)
    ticks = [1, 7, 14, 21, 28]
    figure.update_xaxes(tickvals=ticks, showgrid=False)
    figure.update_yaxes(tickvals=ticks, showgrid=False, autorange="reversed")
    return figure


def plot_neighbours(images: Sequence[NDArray[np.uint8]], neighbours: Neighbours) -> go.Figure:
    """Plot the nearest training images, nearest first.

    Args:
        images: the neighbours' images, each uint8 ``(28, 28)``.
        neighbours: as ``explore.samples.find_neighbours`` returns them.
    """
    names = [
        f"{CLASS_NAMES[label]}<br>row {row:,}<br>differs by {distance / IMAGE_SIZE:.0f}"
        for row, label, distance in zip(
            neighbours.rows, neighbours.labels, neighbours.distance, strict=True
        )
    ]
    return plot_images(images, names, title="Nearest training images", columns=4, tile_pixels=60)
