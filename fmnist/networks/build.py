"""Build a network by name and describe it layer by layer; needs Keras, so no page imports this."""

from __future__ import annotations

import importlib
from typing import Any

import keras

from fmnist.networks.parts import find_role
from fmnist.networks.registry import find_network
from fmnist.runs import LayerRecord, Recipe


def build_network(recipe: Recipe) -> keras.Model:
    """Build the recipe's network; its seed decides the weights.

    Raises:
        RecipeError: there is no such network.
    """
    module = importlib.import_module(f"fmnist.networks.{find_network(recipe.network).name}")
    keras.utils.set_random_seed(recipe.seed)
    network: keras.Model = module.build_network(recipe)
    return network


def describe_network(network: keras.Model, name: str) -> list[LayerRecord]:
    """Describe each layer: shape, parameters, place, and the reason given in its module.

    ``REASONS`` has an entry for a layer's name, or for its name without the suffix.
    """
    reasons: dict[str, str] = importlib.import_module(f"fmnist.networks.{name}").REASONS
    records = []
    for layer in network.layers:
        block, role = find_role(layer.name)
        records.append(
            LayerRecord(
                name=layer.name,
                kind=type(layer).__name__,
                detail=_describe_settings(layer),
                output_shape=tuple(layer.output.shape[1:]),
                parameters=int(layer.count_params()),
                reason=reasons.get(layer.name) or reasons[layer.name.rsplit("_", 1)[0]],
                block=block,
                role=role,
                inputs=_find_inputs(layer),
            )
        )
    return records


def _find_inputs(layer: Any) -> tuple[str, ...]:
    if isinstance(layer, keras.layers.InputLayer):
        return ()
    tensors = layer.input if isinstance(layer.input, list) else [layer.input]
    return tuple(tensor._keras_history.operation.name for tensor in tensors)


def _describe_settings(layer: Any) -> str:
    match type(layer).__name__:
        case "Conv2D":
            height, width = layer.kernel_size
            return f"{layer.filters} filters, {height}×{width}, padding {layer.padding}"
        case "MaxPooling2D" | "AveragePooling2D":
            height, width = layer.pool_size
            return f"{height}×{width}, every {layer.strides[0]} pixels"
        case "Dense":
            return f"{layer.units} units, {layer.activation.__name__}"
        case "Dropout":
            return f"{layer.rate:.0%} set to zero in training"
        case _:
            return ""
