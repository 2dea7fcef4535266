"""Building blocks shared by several networks."""

from __future__ import annotations

from collections.abc import Sequence

from fmnist.networks.design import Design
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    AveragePooling2D,
    Conv2D,
    GlobalAveragePooling2D,
    scale_count,
)


def scale_units(units: Sequence[int], width: float) -> list[int]:
    """Multiply numbers of filters or units, as ``scale_count`` does."""
    return [scale_count(count, width) for count in units]


def add_convolution(
    network: Design,
    filters: int,
    recipe: Recipe,
    name: str,
    *,
    size: int = 3,
    stride: int = 1,
) -> str:
    """Add a padded convolution and, if the recipe has it, batch normalisation.

    Args:
        network: the design to which they are added.
        filters: number of channels of the output.
        recipe: ``normalisation``; without it the convolution has a bias.
        name: suffix of both layers' names.
        size: side of the window.
        stride: 2 halves height and width.

    Returns:
        The name of the last layer.
    """
    convolution = Conv2D(
        filters=filters, kernel_size=size, strides=stride, use_bias=not recipe.normalisation
    )
    network.add(convolution, f"conv_{name}", kernel_initializer="he_normal")
    if recipe.normalisation:
        network.add_normalization(f"norm_{name}")
    return network.last


def add_residual_block(
    network: Design, filters: int, recipe: Recipe, name: str, *, stride: int = 1
) -> None:
    """Add two convolutions whose output is added to the block's input (He et al. 2016).

    If the shape changes, the shortcut averages the input and mixes its channels (ResNet-D, He et
    al. 2019: a strided convolution would skip three of four positions).
    """
    x = network.last
    channels = network.layers[x].cost.shape[-1]
    add_convolution(network, filters, recipe, f"{name}a", stride=stride)
    network.add_shape_preserving("ReLU", f"relu_{name}a")
    add_convolution(network, filters, recipe, f"{name}b")
    y = add_attention(network, filters, name)
    network.last = x
    if stride > 1:
        network.add(AveragePooling2D(pool_size=stride), f"mean_{name}")
    if channels != filters:
        add_convolution(network, filters, recipe, f"{name}s", size=1)
    network.join("Add", f"add_{name}", (network.last, y), like=y)
    network.add_shape_preserving("ReLU", f"relu_{name}b")


def add_attention(network: Design, maps: int, name: str, reduction: int = 8) -> str:
    """Weight each channel by the means of all channels (squeeze and excitation, Hu et al. 2018)."""
    x = network.last
    network.add(GlobalAveragePooling2D(), f"squeeze_{name}", keepdims=True)
    squeezed = Conv2D(filters=max(8, maps // reduction), kernel_size=1, activation="relu")
    network.add(squeezed, f"gate_{name}a")
    s = network.add(Conv2D(filters=maps, kernel_size=1, activation="sigmoid"), f"gate_{name}b")
    return network.join("Multiply", f"scale_{name}", (x, s), like=x)
