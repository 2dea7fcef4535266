"""A network drawn layer by layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from fmnist.charts.theme import CLASS_COLORS, apply_layout
from fmnist.runs import LayerRecord

_COLORS: Final = {
    "InputLayer": CLASS_COLORS[8],
    "Conv2D": CLASS_COLORS[0],
    "MaxPooling2D": CLASS_COLORS[9],
    "Flatten": CLASS_COLORS[7],
    "Dense": CLASS_COLORS[6],
}
_KINDS: Final = {"InputLayer": "Image", "MaxPooling2D": "Max pooling"}
"""Only layers that change the shape are drawn; the table beside the drawing has them all."""


def plot_network(layers: Sequence[LayerRecord]) -> go.Figure:
    """Draw one block a shape-changing layer, as high as its map and as wide as it has channels.

    Args:
        layers: in order, as ``describe_network`` returns them.
    """
    figure = go.Figure()
    x = 0.0
    for layer in layers:
        if layer.kind not in _COLORS:
            continue
        height, width = _measure_block(layer.output_shape)
        figure.add_shape(
            type="rect", x0=x, x1=x + width, y0=-height / 2, y1=height / 2,
            fillcolor=_COLORS[layer.kind], line={"width": 0}, opacity=0.9,
        )  # fmt: skip
        shape = "×".join(map(str, layer.output_shape))
        name = _KINDS.get(layer.kind, layer.kind)
        for y, text, size in ((-1.22, shape, 11), (1.2, name, 12)):
            figure.add_annotation(
                x=x + width / 2, y=y, text=text, showarrow=False, font={"size": size}
            )
        figure.add_scatter(
            x=[x + width / 2], y=[0], mode="markers", showlegend=False,
            marker={"size": 44, "opacity": 0},
            hovertemplate=f"<b>{layer.name}</b> {layer.detail}<br>{shape}, "
            f"{layer.parameters:,} parameters<extra></extra>",
        )  # fmt: skip
        x += width + 0.75
    apply_layout(figure, title="From 784 pixels to ten probabilities", height=270)
    figure.update_xaxes(visible=False, range=[-0.4, max(1.0, x - 0.3)], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-1.4, 1.4], fixedrange=True)
    figure.update_layout(dragmode=False)
    return figure


def _measure_block(shape: tuple[int, ...]) -> tuple[float, float]:
    """Height and width: maps by their side, rows of units by how many there are."""
    if len(shape) == 3:
        return 2 * math.sqrt(shape[0] / 28), 0.25 + 0.09 * math.log2(1 + shape[2])
    return 2 * math.sqrt(math.log2(1 + shape[0]) / 12), 0.3
