"""How one pixel of a map gets its value: what it sees, and the steps of its computation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.errors import InferenceError
from fmnist.keras_worker.field import Box, find_field, find_window
from fmnist.keras_worker.loaded import get_network, to_pixels
from fmnist.keras_worker.records import PixelTrace, Step
from fmnist.keras_worker.stages import list_inputs, list_stages

Values: TypeAlias = Mapping[str, NDArray[np.float32]]
"""Outputs, float32 ``(h, w, c)``, by the name of their layer."""

Position: TypeAlias = tuple[int, int]
"""Row and column in a map."""


def trace_pixel(
    path: str, image: NDArray[np.uint8], stage: str, channel: int, position: Position
) -> PixelTrace:
    """Return how a pixel of a map gets its value.

    Args:
        path: a ``model.keras``.
        image: uint8 ``(28, 28)``.
        stage: name of the stage's first layer.
        channel: the number of the map.
        position: the position of the pixel in the map.

    Raises:
        InferenceError: the network has no such stage, map or pixel.
    """
    network = get_network(path)
    layers = next((each for each in list_stages(network) if each[0].name == stage), [])
    size = layers[-1].output.shape[1:] if layers else (0, 0, 0)
    if any(not 0 <= at < n for at, n in zip((*position, channel), size, strict=True)):
        raise InferenceError(f"There is no pixel {position} in map {channel} of {stage}.")
    values = _compute(network, image, [*list_inputs(layers[0]), *layers])
    at, steps = position, list[Step]()
    for layer in reversed(layers):
        value = float(values[layer.name][(*at, channel)])
        text, at = _describe(layer, values, channel, at)
        steps.insert(0, Step(layer.name, text, value))
    field = find_field(network, layers[-1], position)
    if not isinstance(layers[0], keras.layers.Conv2D):
        return PixelTrace(field, "", None, None, tuple(steps))
    source = list_inputs(layers[0])[0].name
    patch = cut_window(layers[0], values[source], at)
    kernel = np.asarray(layers[0].kernel)[..., channel]
    return PixelTrace(field, source, patch, kernel, tuple(steps))


def find_fields(path: str, stage: str, positions: tuple[Position, ...]) -> list[Box]:
    """Return what pixels of a stage's maps see of the image: top, left, bottom, right, inclusive.

    Args:
        path: a ``model.keras``.
        stage: name of the stage's first layer.
        positions: the positions of the pixels in a map.
    """
    network = get_network(path)
    (last,) = [layers[-1] for layers in list_stages(network) if layers[0].name == stage]
    return [find_field(network, last, at) for at in positions]


def _compute(network: keras.Model, image: NDArray[np.uint8], layers: list[Any]) -> Values:
    outputs = {layer.name: layer.output for layer in layers}
    # Not predict, which would compile a graph for each stage.
    found = keras.Model(network.input, outputs)(to_pixels(image[None]), training=False)
    return {name: np.asarray(output[0], np.float32) for name, output in found.items()}


def _describe(layer: Any, values: Values, channel: int, at: Position) -> tuple[str, Position]:
    """Return what a layer does for a pixel, and which pixel of the layer before it takes."""
    sources = [each.name for each in list_inputs(layer)]
    given = [values[name] for name in sources]
    if isinstance(layer, keras.layers.Conv2D):
        return _describe_convolution(layer, given[0], channel, at), at
    if isinstance(layer, keras.layers.Add):
        terms = zip(sources, (float(each[(*at, channel)]) for each in given), strict=True)
        return " + ".join(f"{value:.3f} ({name})" for name, value in terms), at
    if isinstance(layer, keras.layers.MaxPooling2D):
        return f"largest of {layer.pool_size[0]}×{layer.pool_size[1]}", find_largest(
            layer, given[0], channel, at
        )
    value = float(given[0][(*at, channel)])
    if isinstance(layer, keras.layers.BatchNormalization):
        return _describe_normalisation(layer, value, channel), at
    name = layer.activation.__name__ if hasattr(layer, "activation") else "relu"
    return (f"max(0, {value:.3f})" if name == "relu" else f"{name}({value:.3f})"), at


def _describe_convolution(
    layer: Any, given: NDArray[np.float32], channel: int, at: Position
) -> str:
    patch = cut_window(layer, given, at)
    products = float((patch * np.asarray(layer.kernel)[..., channel]).sum())
    text, total = f"sum of {patch.size:,} products: {products:.3f}", products
    if layer.use_bias:
        bias = float(layer.bias[channel])
        text, total = f"{text}, plus bias {bias:.3f}", products + bias
    name = layer.activation.__name__
    return text if name == "linear" else f"{name}({total:.3f}), of the {text}"


def _describe_normalisation(layer: Any, value: float, channel: int) -> str:
    mean = float(layer.moving_mean[channel])
    deviation = math.sqrt(float(layer.moving_variance[channel]) + layer.epsilon)
    scale = float(layer.gamma[channel]) if layer.scale else 1.0
    offset = float(layer.beta[channel]) if layer.center else 0.0
    return f"({value:.3f} - {mean:.3f}) / {deviation:.3f} × {scale:.3f} + {offset:.3f}"


def cut_window(layer: Any, given: NDArray[np.float32], at: Position) -> NDArray[np.float32]:
    """Return what a convolution takes for a pixel, float32 ``(k, k, c)``; 0 beyond the border."""
    top, left, bottom, right = find_window(layer, at)
    height, width = given.shape[:2]
    before = max(0, -top, -left)
    after = max(0, bottom + 1 - height, right + 1 - width)
    padded = np.pad(given, ((before, after), (before, after), (0, 0)))
    return padded[top + before : bottom + before + 1, left + before : right + before + 1]


def find_largest(layer: Any, given: NDArray[np.float32], channel: int, at: Position) -> Position:
    """Return which pixel a pooling by maximum takes; the first if several are equal."""
    top, left, bottom, right = find_window(layer, at)
    top, left = max(0, top), max(0, left)
    window = given[top : bottom + 1, left : right + 1, channel]
    row, column = np.unravel_index(int(window.argmax()), window.shape)
    return top + int(row), left + int(column)
