"""Writes a network as Python source: a function that builds it from Keras layers, with reasons."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from fmnist.networks.describe import LayerDescription, describe_network, design_network
from fmnist.runs import Recipe

_WIDTH: Final = 96

_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "Conv2D": {"strides": 1, "activation": "linear", "use_bias": True},
    "Dense": {"activation": "linear", "use_bias": True},
    "MaxPooling2D": {"strides": None},
    "AveragePooling2D": {"strides": None},
}
"""Keras' default arguments by class, which are omitted."""


def write_network(recipe: Recipe) -> str:
    """Return the source of ``build_network()`` for a recipe's network.

    It requires ``keras`` and ``from keras import layers``. Layers have the same order and names as
    in the program, so that equal seeds give equal weights.

    Raises:
        RecipeError: there is no such network.
    """
    design = design_network(recipe)
    lines = [
        "def build_network():",
        '    """Return the network: images (n, 28, 28, 1), 0–255, to probabilities (n, 10)."""',
    ]
    given: set[str] = set()
    for layer in describe_network(recipe):
        if layer.reason not in given:
            lines += textwrap.wrap(
                layer.reason, _WIDTH, initial_indent="    # ", subsequent_indent="    # "
            )
            given.add(layer.reason)
        lines.append(_write_layer(layer, design.layers[layer.name].arguments))
    lines.append(f"    return keras.Model(pixels, {design.last}, name={design.name!r})")
    return "\n".join(lines)


def _write_layer(layer: LayerDescription, arguments: Mapping[str, Any]) -> str:
    if not layer.inputs:
        shape = ", ".join(map(str, layer.output_shape))
        return f'    {layer.name} = keras.Input(({shape}), name="{layer.name}")'
    defaults = _DEFAULTS.get(layer.kind, {})
    words = [
        f"{name}={_write_value(value)}"
        for name, value in arguments.items()
        if name not in defaults or value != defaults[name]
    ]
    words.append(f'name="{layer.name}"')
    call = ", ".join(words)
    inputs = ", ".join(layer.inputs)
    given = f"[{inputs}]" if len(layer.inputs) > 1 else inputs
    shape = ", ".join(map(str, layer.output_shape))
    start, end = f"    {layer.name} = layers.{layer.kind}", f"({given})  # (n, {shape})"
    if len(line := f"{start}({call}){end}") <= _WIDTH:
        return line
    inner = f"{' ' * 8}{call}"
    if len(inner) > _WIDTH:  # wrapped as by ruff
        inner = "\n".join(f"{' ' * 8}{word}," for word in words)
    return f"{start}(\n{inner}\n    ){end}"


def _write_value(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return "1 / 255" if value == 1 / 255 else repr(value)
