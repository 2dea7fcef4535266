"""Draws a network from left to right: layers as boxes, residual blocks as frames."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import plotly.graph_objects as go

from fmnist.charts.theme import CLASS_COLORS, MUTED_COLOR, TEXT_SIZE, apply_layout
from fmnist.networks.describe import LayerDescription

COLORS: Final = {
    "InputLayer": CLASS_COLORS[8],
    "Conv2D": CLASS_COLORS[0],
    "MaxPooling2D": CLASS_COLORS[9],
    "AveragePooling2D": CLASS_COLORS[9],
    "GlobalAveragePooling2D": CLASS_COLORS[9],
    "Flatten": CLASS_COLORS[7],
    "Dense": CLASS_COLORS[6],
}
"""Only layers that change the shape are drawn; the table beside the drawing has them all."""

_GATE_COLOR: Final = CLASS_COLORS[4]
_NAMES: Final = {
    "InputLayer": "Image",
    "Conv2D": "Convolution",
    "MaxPooling2D": "Max pooling",
    "AveragePooling2D": "Average pooling",
    "GlobalAveragePooling2D": "Global pooling",
}

_GAP: Final = 0.75
"""Between two boxes outside a block, and around a block."""

_NEAR: Final = 0.25
"""Between two parts of a block."""

_FRAME: Final = 1.5
"""Half the height of a block's frame."""

_SMALL: Final = 0.26
"""Side of a gate's box and of a box on a shortcut."""

_MANY: Final = 7
"""Number of boxes and blocks above which labels are tilted, so that they don't overlap."""

_LINE: Final = {"color": MUTED_COLOR, "width": 1.5}


def plot_network(layers: Sequence[LayerDescription]) -> go.Figure:
    """Draw a box for each layer that changes the shape, and the connections of each block.

    A box is as high as its maps (square-root scale) and as wide as it has channels (logarithmic
    scale). In a residual block, the line above is the shortcut, with a box if it has its own
    layers, and ends in the sum; the box below is the gate, which multiplies the channels.

    Args:
        layers: the layers in order, from ``describe_network``.
    """
    drawing = _Drawing()
    for block, members in groupby(layers, key=lambda layer: layer.block):
        if block:
            drawing.add_block(block, list(members))
        else:
            for layer in members:
                if layer.kind in COLORS:
                    drawing.add_layer(layer)
    return drawing.finish()


class _Drawing:
    """The figure so far, and where the next part begins."""

    def __init__(self) -> None:
        self.figure = go.Figure()
        self.x = 0.0
        self.labels: list[tuple[float, str, str]] = []

    def add_layer(self, layer: LayerDescription) -> None:
        """Draw a layer outside blocks."""
        middle = self.add_box(layer)
        self.labels.append((middle, _NAMES.get(layer.kind, layer.kind), _join(layer.output_shape)))
        self.x += _GAP

    def add_block(self, name: str, members: Sequence[LayerDescription]) -> None:
        """Draw a residual block in its frame."""
        by_role = {
            role: [layer for layer in members if layer.role == role]
            for role in ("main", "shortcut", "gate", "add")
        }
        left = self.x
        self.x += 2 * _NEAR
        boxes = [layer for layer in by_role["main"] if layer.kind in COLORS]
        top = max((_measure_box(layer.output_shape)[0] / 2 for layer in boxes), default=0) + 0.24
        for layer in boxes:
            self.add_box(layer)
            self.x += _NEAR
        if by_role["gate"]:
            self._add_gate(by_role["gate"], top)
        for layer in by_role["add"]:
            self._add_shortcut(left + _NEAR, by_role["shortcut"], top)
            self._add_circle("+", f"<b>{layer.name}</b> adds the shortcut to the branch")
        right = self.x
        self.figure.add_shape(
            type="rect",
            x0=left,
            x1=right,
            y0=-_FRAME,
            y1=_FRAME,
            layer="below",
            fillcolor=MUTED_COLOR,
            opacity=0.15,
            line={"width": 0},
        )
        shape = _join(members[-1].output_shape)
        self.labels.append(((left + right) / 2, f"Block {name}", shape))
        self.x += _GAP / 2

    def add_box(self, layer: LayerDescription) -> float:
        """Draw a layer on the main line and return its centre."""
        height, width = _measure_box(layer.output_shape)
        self._add_rectangle(self.x, 0, width, height, COLORS[layer.kind])
        middle = self.x + width / 2
        self._add_hover(middle, 0, _describe(layer))
        self.x += width
        return middle

    def _add_gate(self, layers: Sequence[LayerDescription], top: float) -> None:
        """Draw the gate below the main line, and the circle where it multiplies the channels."""
        start, end = self.x, self.x + _SMALL + _NEAR
        path = f"M {start},0 L {start},{-top} L {end},{-top} L {end},0"
        self.figure.add_shape(type="path", path=path, line=_LINE, layer="below")
        self._add_rectangle(start + _NEAR / 2, -top, _SMALL, _SMALL, _GATE_COLOR)
        parameters = sum(layer.parameters for layer in layers)
        self._add_hover(
            start + (_SMALL + _NEAR) / 2,
            -top,
            f"<b>Gate</b>, squeeze and excitation: weights each channel by a factor from 0 to 1"
            f"<br>{parameters:,} parameters",
        )
        self.x = end
        self._add_circle("×", "Multiplies each channel by its gate")

    def _add_shortcut(self, start: float, layers: Sequence[LayerDescription], top: float) -> None:
        """Draw the line above the main one, from the block's input to the sum."""
        end = self.x + _NEAR / 2
        path = f"M {start},0 L {start},{top} L {end},{top} L {end},0"
        self.figure.add_shape(type="path", path=path, line=_LINE, layer="below")
        parameters = sum(layer.parameters for layer in layers)
        text = "passes the block's input on unchanged"
        if layers:
            self._add_rectangle((start + end - _SMALL) / 2, top, _SMALL, _SMALL, COLORS["Conv2D"])
            text = ", ".join(f"{layer.kind} {layer.detail}".strip() for layer in layers)
            text += f"<br>{parameters:,} parameters"
        self._add_hover((start + end) / 2, top, f"<b>Shortcut</b>: {text}")

    def _add_circle(self, sign: str, text: str) -> None:
        middle = self.x + _NEAR / 2
        self.figure.add_scatter(
            x=[middle],
            y=[0],
            mode="markers+text",
            text=[sign],
            showlegend=False,
            marker={"size": 12, "color": MUTED_COLOR},
            textfont={"size": TEXT_SIZE, "color": "white"},
            hovertemplate=f"{text}<extra></extra>",
        )
        self.x += 2 * _NEAR

    def _add_rectangle(self, x: float, y: float, width: float, height: float, color: str) -> None:
        self.figure.add_shape(
            type="rect",
            x0=x,
            x1=x + width,
            y0=y - height / 2,
            y1=y + height / 2,
            fillcolor=color,
            line={"width": 0},
        )

    def _add_hover(self, x: float, y: float, text: str) -> None:
        self.figure.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            showlegend=False,
            marker={"size": 24, "opacity": 0},
            hovertemplate=f"{text}<extra></extra>",
        )

    def finish(self) -> go.Figure:
        """Write the labels, draw the main line, and return the figure."""
        tilted = len(self.labels) > _MANY
        for x, name, shape in self.labels:
            for y, text, anchor in (
                (_FRAME + 0.08, name, "bottom"),
                (-_FRAME - 0.08, shape, "top"),
            ):
                self.figure.add_annotation(
                    x=x,
                    y=y,
                    text=text,
                    showarrow=False,
                    font={"size": TEXT_SIZE},
                    yanchor=anchor,
                    textangle=-50 if tilted else 0,
                )
        if self.labels:
            self.figure.add_shape(
                type="line",
                x0=self.labels[0][0],
                x1=self.labels[-1][0],
                y0=0,
                y1=0,
                line=_LINE,
                layer="below",
            )
        apply_layout(self.figure, title="From 784 pixels to ten probabilities", height=330)
        self.figure.update_xaxes(
            visible=False, range=[-0.4, max(1.0, self.x - 0.2)], fixedrange=True
        )
        self.figure.update_yaxes(visible=False, range=[-2.6, 2.6], fixedrange=True)
        return self.figure.update_layout(dragmode=False)


def _describe(layer: LayerDescription) -> str:
    return (
        f"<b>{layer.name}</b> {layer.detail}<br>{_join(layer.output_shape)}, "
        f"{layer.parameters:,} parameters"
    )


def _join(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))


def _measure_box(shape: Sequence[int]) -> tuple[float, float]:
    """Return height and width: maps by their side, rows of units by their number."""
    if len(shape) == 3:
        return 2 * math.sqrt(shape[0] / 28), 0.2 + 0.09 * math.log2(1 + shape[2])
    return 2 * math.sqrt(math.log2(1 + shape[0]) / 12), 0.3
