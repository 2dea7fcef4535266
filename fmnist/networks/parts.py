"""Building blocks that several networks share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import keras
from keras import layers

from fmnist.runs import Recipe
from fmnist.runs.architecture import scale_count


def scale_units(units: Sequence[int], width: float) -> list[int]:
    """Multiply numbers of filters or units, as ``scale_count`` does."""
    return [scale_count(count, width) for count in units]


def add_convolution(
    x: keras.KerasTensor, filters: int, recipe: Recipe, name: str, *, size: int = 3, stride: int = 1
) -> keras.KerasTensor:
    """Add a padded convolution and, if the recipe has it, batch normalisation.

    Args:
        x: maps ``(n, h, w, c)``.
        filters: channels of the output.
        recipe: ``normalisation``; without it the convolution has a bias.
        name: suffix of both layers' names.
        size: side of the window.
        stride: 2 halves height and width.
    """
    x = layers.Conv2D(
        filters,
        size,
        strides=stride,
        padding="same",
        name=f"conv_{name}",
        use_bias=not recipe.normalisation,
        kernel_initializer="he_normal",
    )(x)
    if recipe.normalisation:
        x = layers.BatchNormalization(momentum=0.9, name=f"norm_{name}")(x)
    return x


def add_residual_block(
    x: keras.KerasTensor, filters: int, recipe: Recipe, name: str, *, stride: int = 1
) -> keras.KerasTensor:
    """Add two convolutions whose output is added to the block's input (He et al. 2016).

    Where the shape changes, the shortcut averages the input and mixes its channels (ResNet-D, He
    et al. 2019: a convolution with stride would skip three of four positions).
    """
    y = add_convolution(x, filters, recipe, f"{name}a", stride=stride)
    y = layers.ReLU(name=f"relu_{name}a")(y)
    y = add_convolution(y, filters, recipe, f"{name}b")
    y = add_attention(y, name)
    if stride > 1:
        x = layers.AveragePooling2D(stride, padding="same", name=f"mean_{name}")(x)
    if x.shape[-1] != filters:
        x = add_convolution(x, filters, recipe, f"{name}s", size=1)
    x = layers.Add(name=f"add_{name}")([x, y])
    return layers.ReLU(name=f"relu_{name}b")(x)


_BLOCK_LAYER: Final = re.compile(r"(?P<kind>[a-z]+)_(?P<stage>\d)(?P<block>\d+)(?P<part>[abs]?)")
_ROLES: Final = {
    "squeeze": "gate",
    "gate": "gate",
    "scale": "gate",
    "mean": "shortcut",
    "add": "add",
}


def find_role(name: str) -> tuple[str, str]:
    """Return block and role of a layer, as in ``LayerRecord``, from its name.

    Layers that ``add_residual_block`` did not add have no block and the role ``main``.
    """
    found = _BLOCK_LAYER.fullmatch(name)
    if found is None:
        return "", "main"
    role = "shortcut" if found["part"] == "s" else _ROLES.get(found["kind"], "main")
    return f"{found['stage']}.{found['block']}", role


def add_attention(x: keras.KerasTensor, name: str, reduction: int = 8) -> keras.KerasTensor:
    """Weigh each channel by the mean of all channels (squeeze and excitation, Hu et al. 2018)."""
    maps = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True, name=f"squeeze_{name}")(x)
    s = layers.Conv2D(max(8, maps // reduction), 1, activation="relu", name=f"gate_{name}a")(s)
    s = layers.Conv2D(maps, 1, activation="sigmoid", name=f"gate_{name}b")(s)
    return layers.Multiply(name=f"scale_{name}")([x, s])
