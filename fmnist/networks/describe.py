"""Describes a network for a page: layers with shapes, costs and reasons; needs no Keras."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fmnist.networks.design import Design
from fmnist.networks.registry import find_network
from fmnist.runs import Recipe
from fmnist.runs.recipe import CUSTOM

_BLOCK_LAYER: Final = re.compile(r"(?P<kind>[a-z]+)_(?P<stage>\d)(?P<block>\d+)(?P<part>[abs]?)")
_ROLES: Final = {
    "squeeze": "gate",
    "gate": "gate",
    "scale": "gate",
    "mean": "shortcut",
    "add": "add",
}

_MODULES: Final = {CUSTOM: "layer_list"}
"""Modules that are not named like their network."""


@dataclass(frozen=True, slots=True)
class LayerDescription:
    """One layer of a network as a page draws it.

    Attributes:
        name: the layer's name in the network.
        kind: Keras class, for example ``Conv2D``.
        detail: its settings in words, for example ``32 filters, 3×3, same``.
        output_shape: the output shape without the batch axis.
        parameters: number of weights, moving statistics included.
        reason: the reason for the layer and its settings.
        block: name of the residual block it belongs to, for example ``2.1`` (stage 2, block 1);
            empty for layers outside residual blocks.
        role: its role in the block: ``main`` (the branch that learns, and the activation after the
            sum), ``gate`` (squeeze and excitation), ``shortcut`` or ``add`` (their sum). A block
            without ``shortcut`` layers passes its input on unchanged.
        inputs: names of its input layers; empty for the input layer.
        multiplications: number of multiplications of weights with values, for one image.
        receptive_field: side, in pixels, of the square of input pixels on which one output value
            depends, not counting gates.
    """

    name: str
    kind: str
    detail: str
    output_shape: tuple[int, ...]
    parameters: int
    reason: str
    block: str = ""
    role: str = "main"
    inputs: tuple[str, ...] = ()
    multiplications: int = 0
    receptive_field: int = 1


def design_network(recipe: Recipe) -> Design:
    """Return the layers of a recipe's network.

    Raises:
        RecipeError: there is no such network.
    """
    design: Design = _import_network(recipe).design_network(recipe)
    return design


def describe_network(recipe: Recipe) -> list[LayerDescription]:
    """Describe each layer of a recipe's network, in order.

    ``REASONS`` of its module has an entry for a layer's name, or for its name without the suffix.

    Raises:
        RecipeError: there is no such network.
    """
    reasons: dict[str, str] = _import_network(recipe).REASONS
    records = []
    for name, layer in design_network(recipe).layers.items():
        block, role = find_role(name)
        records.append(
            LayerDescription(
                name=name,
                kind=layer.kind,
                detail=_describe_settings(layer.kind, layer.arguments),
                output_shape=layer.cost.shape,
                parameters=layer.cost.parameters,
                multiplications=layer.cost.multiplications,
                receptive_field=layer.cost.receptive_field,
                reason=reasons.get(name) or reasons[name.rsplit("_", 1)[0]],
                block=block,
                role=role,
                inputs=layer.inputs,
            )
        )
    return records


def count_parameters(recipe: Recipe) -> int:
    """Return the number of parameters of a recipe's network, as counted by Keras.

    Raises:
        RecipeError: there is no such network.
    """
    return sum(layer.cost.parameters for layer in design_network(recipe).layers.values())


def find_role(name: str) -> tuple[str, str]:
    """Return block and role of a layer, as in ``LayerDescription``, from its name.

    Layers not added by ``add_residual_block`` have no block and the role ``main``.
    """
    found = _BLOCK_LAYER.fullmatch(name)
    if found is None:
        return "", "main"
    role = "shortcut" if found["part"] == "s" else _ROLES.get(found["kind"], "main")
    return f"{found['stage']}.{found['block']}", role


def _import_network(recipe: Recipe) -> Any:
    network = find_network(recipe.network).name
    return importlib.import_module(f"fmnist.networks.{_MODULES.get(network, network)}")


def _describe_settings(kind: str, arguments: Mapping[str, Any]) -> str:
    match kind:
        case "Conv2D":
            size = arguments["kernel_size"]
            return f"{arguments['filters']} filters, {size}×{size}, padding {arguments['padding']}"
        case "MaxPooling2D" | "AveragePooling2D":
            size = arguments["pool_size"]
            return f"{size}×{size}, every {arguments['strides'] or size} pixels"
        case "Dense":
            return f"{arguments['units']} units, {arguments['activation']}"
        case "Dropout":
            return f"{arguments['rate']:.0%} set to zero in training"
        case _:
            return ""
