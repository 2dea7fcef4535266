"""Receptive fields: the part of the image on which a map's pixel depends."""

from __future__ import annotations

from typing import Any, TypeAlias

import keras

from fmnist.keras_worker.stages import list_inputs

Box: TypeAlias = tuple[int, int, int, int]
"""Top, left, bottom, right, inclusive."""


def find_field(network: keras.Model, layer: Any, at: tuple[int, int]) -> Box:
    """Return the receptive field of a pixel of a layer's maps.

    Gates, which weight whole maps by their mean, are ignored.

    Args:
        network: the network of the layer.
        layer: a layer whose output is a stack of maps, after a convolution.
        at: row and column of the pixel.
    """
    boxes: dict[str, Box] = {layer.name: (*at, *at)}
    for each in reversed(network.layers):
        if each.name not in boxes:
            continue
        top, left, bottom, right = boxes[each.name]
        first, last = find_window(each, (top, left)), find_window(each, (bottom, right))
        for source in list_inputs(each):
            height, width = source.output.shape[1:3]
            if (height, width) == (1, 1) and each.output.shape[1] > 1:
                continue  # a gate's weights
            start = max(0, first[0]), max(0, first[1])
            end = min(height - 1, last[2]), min(width - 1, last[3])
            boxes[source.name] = _join(boxes.get(source.name, (*start, *end)), (*start, *end))
    return boxes[network.layers[0].name]


def find_window(layer: Any, at: tuple[int, int]) -> Box:
    """Return the window of a layer's input for a pixel; it may extend beyond the border."""
    sides = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if sides is None:
        return (*at, *at)
    starts = []
    for axis in range(2):
        n, side, stride = layer.input.shape[1 + axis], sides[axis], layer.strides[axis]
        # TensorFlow's padding: an odd pixel is added below and on the right.
        padding = (
            max((-(-n // stride) - 1) * stride + side - n, 0) if layer.padding == "same" else 0
        )
        starts.append(at[axis] * stride - padding // 2)
    return starts[0], starts[1], starts[0] + sides[0] - 1, starts[1] + sides[1] - 1


def _join(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
    )  # fmt: skip
