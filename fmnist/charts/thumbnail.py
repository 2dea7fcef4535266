"""A network in a few pixels: a box for each layer that changes the shape."""

from __future__ import annotations

import base64
import math
from itertools import pairwise
from typing import Final

from fmnist.charts.network import COLORS
from fmnist.networks.describe import describe_network
from fmnist.runs import Recipe

HEIGHT: Final = 30
_MAX_WIDTH: Final = 14


def draw_thumbnail(recipe: Recipe) -> str:
    """Draw the network of a recipe as HTML with an SVG picture.

    A box is as high as its maps and as wide as it has channels (logarithmic scale), as in
    ``plot_network``; layers that keep the shape are left out.
    """
    layers = [layer for layer in describe_network(recipe) if layer.role == "main"]
    shown = layers[:1] + [
        after for before, after in pairwise(layers) if before.output_shape != after.output_shape
    ]
    boxes, x = [], 0.0
    for layer in shown:
        channels = layer.output_shape[-1]
        width = max(3.0, _MAX_WIDTH * math.log2(1 + channels) / 10)
        side = layer.output_shape[0] / 28 if len(layer.output_shape) == 3 else 0.35
        height = max(4.0, HEIGHT * math.sqrt(min(side, 1.0)))
        color = COLORS.get(layer.kind, COLORS["Conv2D"])
        boxes.append(
            f'<rect x="{x:.1f}" y="{(HEIGHT - height) / 2:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" rx="1.5" fill="{color}"/>'
        )
        x += width + 3
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x:.0f} {HEIGHT}" '
        f'width="{x:.0f}" height="{HEIGHT}">{"".join(boxes)}</svg>'
    )
    encoded = base64.b64encode(picture.encode()).decode()
    return (
        f'<img alt="{len(shown)} shapes from image to probabilities" height="{HEIGHT}" '
        f'style="max-width:100%;display:block" src="data:image/svg+xml;base64,{encoded}">'
    )
