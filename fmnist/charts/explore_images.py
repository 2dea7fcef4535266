"""Several 28×28 images in one figure, with intensities on hover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import plotly.graph_objects as go

from fmnist.charts.theme import TEXT_SIZE, apply_layout
from fmnist.classes import IMAGE_SIZE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GAP: Final = 2
_LINE_PIXELS: Final = 16
_TITLE_PIXELS: Final = 44


def plot_images(
    images: Sequence[NDArray[Any]],
    names: Sequence[str],
    *,
    title: str,
    unit: str = "intensity",
    columns: int = 5,
    tile_pixels: int = 116,
    colorscale: str = "Gray",
    value_range: tuple[float, float] | None = (0.0, 255.0),
    colorbar_title: str | None = None,
) -> go.Figure:
    """Plot images side by side on one colour scale.

    All share one coordinate system, so that names stay above their images at every width.

    Args:
        images: each ``(28, 28)``; one of ``nan`` stays empty.
        names: text above each image; ``<br>`` breaks a line.
        title: title of the figure.
        unit: name of the values on hover.
        columns: images per row.
        tile_pixels: height of an image if the page is wide enough.
        colorscale: name of a Plotly colour scale.
        value_range: values at its two ends; None takes them from the images.
        colorbar_title: title of the colour bar; None leaves the bar out.
    """
    columns = max(1, min(columns, len(images)))
    n_rows = -(-len(images) // columns)
    name_pixels = _LINE_PIXELS * (1 + max(name.count("<br>") for name in names)) + 4
    band = -(-name_pixels * IMAGE_SIZE // tile_pixels)  # in image pixels, rounded up
    places = np.moveaxis(np.indices((IMAGE_SIZE, IMAGE_SIZE)) + 1, 0, 2).astype(np.int8)
    figure = go.Figure()
    for position, (image, name) in enumerate(zip(images, names, strict=True)):
        top = position // columns * (IMAGE_SIZE + band) + band
        left = position % columns * (IMAGE_SIZE + _GAP)
        figure.add_heatmap(
            z=image,
            x0=left,
            y0=top,
            name=name.split("<br>")[0],
            coloraxis="coloraxis",
            customdata=places,
            hovertemplate=f"row %{{customdata[0]}}, column %{{customdata[1]}}<br>{unit} %{{z:.0f}}",
        )
        figure.add_annotation(
            text=name,
            x=left + IMAGE_SIZE / 2 - 0.5,
            y=top - 0.5,
            yanchor="bottom",
            showarrow=False,
            font={"size": TEXT_SIZE},
        )
    height = _TITLE_PIXELS + n_rows * (tile_pixels + name_pixels) + 8
    apply_layout(figure, title=title, height=height)
    axis: dict[str, Any] = {"visible": False, "constrain": "domain", "fixedrange": True}
    rows, width = n_rows * (IMAGE_SIZE + band), columns * (IMAGE_SIZE + _GAP) - _GAP
    figure.update_xaxes(**axis, range=[-0.5, width - 0.5], constraintoward="left")
    figure.update_yaxes(**axis, range=[rows - 0.5, -0.5], scaleanchor="x", constraintoward="top")
    colors: dict[str, Any] = {"colorscale": colorscale, "showscale": colorbar_title is not None}
    if value_range is not None:
        colors |= {"cmin": value_range[0], "cmax": value_range[1]}
    if colorbar_title is not None:
        colors["colorbar"] = {"title": {"text": colorbar_title, "side": "right"}, "thickness": 12}
    return figure.update_layout(
        coloraxis=colors, margin={"t": _TITLE_PIXELS}, plot_bgcolor="rgba(0,0,0,0)", dragmode=False
    )
