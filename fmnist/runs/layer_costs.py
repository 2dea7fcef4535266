"""The shape and costs of each layer of an architecture, computed without Keras."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, assert_never

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.errors import RecipeError
from fmnist.runs.architecture import (
    Activation,
    Architecture,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    ResidualBlock,
)
from fmnist.settings import MAX_LAYER_OUTPUT, MAX_MODEL_LAYERS

MAX_PARAMETERS: Final = 20_000_000
"""Most parameters of a network: 80 MB as float32, and as much for each of AdamW's two moments."""

_BLOCK_LAYERS: Final = 14
"""Keras layers in a residual block with every part, including a convolution on the shortcut."""


@dataclass(frozen=True, slots=True)
class LayerCost:
    """The shape and costs of one layer of an architecture.

    Attributes:
        shape: the shape of its output: ``(side, side, channels)`` or ``(units,)``.
        parameters: number of parameters, including moving statistics, as in Keras.
        multiplications: number of multiplications of weights with values, for one image.
        receptive_field: side, in pixels, of the square of input pixels on which one output value
            depends, not counting the gates of residual blocks, which see the whole image.
        jump: distance, in input pixels, of two neighbouring positions of the output.
    """

    shape: tuple[int, ...]
    parameters: int = 0
    multiplications: int = 0
    receptive_field: int = 1
    jump: int = 1


def compute_costs(layers: Architecture) -> list[LayerCost]:
    """Follow the shapes through an architecture.

    Args:
        layers: the layers, at least one.

    Returns:
        One entry per layer.

    Raises:
        RecipeError: a layer does not fit its input, the network does not end in ten
            probabilities or has more than ``MAX_PARAMETERS``; the message names the layer, counted
            from 1, and the remedy.
    """
    costs: list[LayerCost] = []
    before = LayerCost((*IMAGE_SHAPE, 1))
    for number, layer in enumerate(layers, start=1):
        try:
            before = compute_cost(layer, before)
        except RecipeError as error:
            name = type(layer).__name__
            raise RecipeError(f"Layer {number} of the architecture ({name}) {error}") from None
        costs.append(before)
        if (outputs := math.prod(before.shape)) > MAX_LAYER_OUTPUT:
            raise RecipeError(
                f"Layer {number} of the architecture ({type(layer).__name__}) returns {outputs:,} "
                f"numbers for an image; {MAX_LAYER_OUTPUT:,} are allowed. Give it fewer filters, "
                "or pool before it."
            )
    last = layers[-1]
    if not isinstance(last, Dense) or (last.units, last.activation) != (N_CLASSES, "softmax"):
        raise RecipeError(
            f"Layer {len(layers)} of the architecture ({type(last).__name__}) does not return ten "
            f"probabilities. The last layer must be Dense with {N_CLASSES} units and softmax."
        )
    for number, layer in enumerate(layers[:-1], start=1):
        if isinstance(layer, Dense) and layer.activation == "softmax":
            raise RecipeError(
                f"Layer {number} of the architecture (Dense) has softmax, which is for the last "
                "layer only. Choose relu."
            )
    blocks = sum(isinstance(layer, ResidualBlock) for layer in layers)
    if len(layers) + _BLOCK_LAYERS * blocks > MAX_MODEL_LAYERS:
        raise RecipeError(
            f"The architecture has {blocks} residual blocks, each of {_BLOCK_LAYERS} layers and "
            f"more, and {len(layers) - blocks} other layers; {MAX_MODEL_LAYERS} are allowed. Use "
            "fewer blocks."
        )
    total = sum(cost.parameters for cost in costs)
    if total > MAX_PARAMETERS:
        largest = max(range(len(costs)), key=lambda index: costs[index].parameters)
        raise RecipeError(
            f"The architecture has {total:,} parameters; {MAX_PARAMETERS:,} are allowed. Layer "
            f"{largest + 1} ({type(layers[largest]).__name__}) has the most, "
            f"{costs[largest].parameters:,}: give it fewer units, or pool before it."
        )
    return costs


def compute_cost(layer: Layer, before: LayerCost) -> LayerCost:
    """Return the shape and costs of one layer.

    Args:
        layer: the layer.
        before: the shape and costs of the layer before it.

    Raises:
        RecipeError: it does not fit its input; the message, without the layer's name, says
            what to do.
    """
    match layer:
        case Conv2D():
            cost = _convolve(layer, before)
        case MaxPooling2D() | AveragePooling2D():
            side, channels = _get_maps(before)
            stride = layer.pool_size if layer.strides is None else layer.strides
            side = _slide(side, layer.pool_size, stride, layer.padding)
            cost = _see_more(LayerCost((side, side, channels)), before, layer.pool_size, stride)
        case ResidualBlock():
            cost = _add_block(layer, before)
        case BatchNormalization():
            cost = replace(before, parameters=4 * before.shape[-1], multiplications=0)
        case Activation() | Dropout():
            cost = replace(before, parameters=0, multiplications=0)
        case Flatten() | GlobalAveragePooling2D():
            side, channels = _get_maps(before)
            values = side * side * channels if isinstance(layer, Flatten) else channels
            cost = LayerCost((values,), receptive_field=IMAGE_SHAPE[0])
        case Dense():
            cost = _connect(layer, before)
        case _:
            assert_never(layer)
    return cost


def _connect(layer: Dense, before: LayerCost) -> LayerCost:
    if len(before.shape) == 3:
        raise RecipeError(
            "needs a vector; its input is maps. Put Flatten or GlobalAveragePooling2D before it."
        )
    weights = before.shape[0] * layer.units
    return LayerCost(
        (layer.units,), weights + layer.units * layer.use_bias, weights, IMAGE_SHAPE[0]
    )


def _convolve(layer: Conv2D, before: LayerCost) -> LayerCost:
    side, channels = _get_maps(before)
    out = _slide(side, layer.kernel_size, layer.strides, layer.padding)
    weights = layer.kernel_size**2 * channels * layer.filters
    parameters = weights + layer.filters * layer.use_bias
    cost = LayerCost((out, out, layer.filters), parameters, weights * out * out)
    return _see_more(cost, before, layer.kernel_size, layer.strides)


def _add_block(block: ResidualBlock, before: LayerCost) -> LayerCost:
    """Add up the layers of ``fmnist.networks.parts.add_residual_block``, with normalisation."""
    _, channels = _get_maps(before)
    first = _convolve(Conv2D(block.filters, strides=block.strides, use_bias=False), before)
    second = _convolve(Conv2D(block.filters, use_bias=False), first)
    squeezed = max(8, block.filters // 8)
    gate = 2 * squeezed * block.filters
    parameters = first.parameters + second.parameters + gate + squeezed + block.filters
    parameters += 2 * 4 * block.filters
    multiplications = first.multiplications + second.multiplications + gate
    if channels != block.filters:
        shortcut = channels * block.filters
        parameters += shortcut + 4 * block.filters
        multiplications += shortcut * second.shape[0] ** 2
    return replace(second, parameters=parameters, multiplications=multiplications)


def _get_maps(before: LayerCost) -> tuple[int, int]:
    if len(before.shape) != 3:
        raise RecipeError(
            "needs maps; its input is a vector. Put it before Flatten or GlobalAveragePooling2D."
        )
    return before.shape[0], before.shape[2]


def _slide(side: int, window: int, stride: int, padding: str) -> int:
    """Return how many positions a window has along a side."""
    if padding == "same":
        return -(-side // stride)
    if window > side:
        raise RecipeError(
            f"has a window of {window}×{window}, larger than the {side}×{side} maps of its input. "
            "Make the window smaller, pool less before it, or choose the padding same."
        )
    return (side - window) // stride + 1


def _see_more(cost: LayerCost, before: LayerCost, window: int, stride: int) -> LayerCost:
    field = before.receptive_field + (window - 1) * before.jump
    return replace(cost, receptive_field=min(field, IMAGE_SHAPE[0]), jump=before.jump * stride)
