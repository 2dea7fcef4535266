"""A contact sheet: many 28×28 images in one figure, each clickable and captioned."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from fmnist.charts.theme import ACCENT_COLOR
from fmnist.errors import ImageError

_SCALE: Final = 3
_GAP: Final = 6
_CAPTION: Final = 0.24
"""Height of a caption relative to a tile."""


def encode_png(pixels: NDArray[np.uint8]) -> str:
    """Return a picture, uint8 ``(h, w)``, ``(h, w, 3)`` or ``(h, w, 4)``, as a data URI."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def decode_png(data: bytes, side: int) -> NDArray[np.uint8]:
    """Return the picture in a PNG file of ``side`` × ``side`` pixels, as a canvas sends it.

    Raises:
        ImageError: it is anything else, which no canvas of ours has sent: decoding it might take
            minutes and gigabytes.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG"])
        is_ours = picture.size == (side, side)
        pixels = np.asarray(picture) if is_ours else np.zeros(0, np.uint8)
    except Exception:  # noqa: BLE001 - plug-ins raise whatever broken bytes lead them to
        is_ours = False
    if not is_ours:
        raise ImageError(
            f"The drawing is not a PNG picture of {side} × {side} pixels, as the canvas sends it:"
            " reload the page and draw it again."
        )
    return pixels


def plot_sheet(
    images: NDArray[np.uint8],
    captions: Sequence[str],
    *,
    columns: int,
    selected: int | None = None,
    tile_pixels: int = 96,
) -> go.Figure:
    """Draw a contact sheet: images in rows, each with its caption.

    Streamlit reports clicks on markers but not on pictures, so each tile has an invisible square
    marker whose ``customdata`` is the image's position.

    Args:
        images: uint8 ``(n, 28, 28)``.
        captions: one short line per image.
        columns: tiles per row.
        selected: position of the image to frame.
        tile_pixels: height of a tile on the page.
    """
    n = len(images)
    rows = max(1, math.ceil(n / columns))
    tile_height = 1 + _CAPTION
    x = np.arange(n) % columns + 0.5
    y = (np.arange(n) // columns) * tile_height + 0.5
    figure = go.Figure()
    for i in range(n):
        figure.add_layout_image(
            source=encode_png(_enlarge(images[i])),
            xref="x",
            yref="y",
            x=x[i] - 0.47,
            y=y[i] - 0.47,
            sizex=0.94,
            sizey=0.94,
            xanchor="left",
            yanchor="top",
            sizing="stretch",
            layer="below",
        )
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        customdata=np.arange(n),
        text=list(captions),
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        marker={"symbol": "square", "size": tile_pixels * 0.9, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    figure.add_scatter(
        x=x,
        y=y + 0.5 + _CAPTION / 2.6,
        mode="text",
        text=list(captions),
        hoverinfo="skip",
        textfont={"size": 11},
        showlegend=False,
        unselected={"textfont": {"color": None}},
    )
    if selected is not None and 0 <= selected < n:
        figure.add_shape(
            type="rect",
            x0=x[selected] - 0.485,
            x1=x[selected] + 0.485,
            y0=y[selected] - 0.485,
            y1=y[selected] + 0.485,
            line={"color": ACCENT_COLOR, "width": 3},
        )
    figure.update_xaxes(visible=False, range=[0, columns], fixedrange=True, constrain="domain")
    figure.update_yaxes(
        visible=False,
        range=[rows * tile_height, 0],
        fixedrange=True,
        scaleanchor="x",
        constrain="domain",
        constraintoward="top",
    )
    figure.update_layout(
        height=math.ceil(rows * tile_height * tile_pixels) + 8,
        margin={"l": 0, "r": 0, "t": 4, "b": 4},
        clickmode="event+select",
        dragmode=False,
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def _enlarge(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat pixels, so that the browser shows squares instead of a blur."""
    return np.repeat(np.repeat(image, _SCALE, axis=0), _SCALE, axis=1)
