"""A network as a list of Keras layers with their shapes and costs; needs no Keras.

Each network's module adds its layers to a ``Design``; ``fmnist.networks.build`` converts it to a
Keras model, and ``fmnist.networks.describe`` to the description on a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.runs.architecture import BatchNormalization, Dense, Layer
from fmnist.runs.layer_costs import LayerCost, compute_cost


@dataclass(frozen=True, slots=True)
class DesignedLayer:
    """One layer of Keras.

    Attributes:
        kind: its class in ``keras.layers``.
        arguments: the arguments of the class, except the name.
        inputs: names of its input layers; empty for the input layer.
        cost: shape of its output, parameters, multiplications, receptive field.
    """

    kind: str
    arguments: Mapping[str, Any]
    inputs: tuple[str, ...]
    cost: LayerCost


class Design:
    """The layers of a network by name, from pixels to probabilities.

    By default, a layer's input is the layer added before it.
    """

    def __init__(self, name: str) -> None:
        """Begin with the input, float32 ``(n, 28, 28, 1)``, 0–255, and its scaling to 0–1."""
        self.name = name
        pixels = LayerCost((*IMAGE_SHAPE, 1))
        self.layers = {"pixels": DesignedLayer("InputLayer", {}, (), pixels)}
        self.last = "pixels"
        self.add_shape_preserving("Rescaling", "rescaling", scale=1 / 255)

    def add(self, layer: Layer, name: str, *, after: str = "", **arguments: Any) -> str:
        """Add a layer and return its name.

        Args:
            layer: any layer of an architecture except a residual block.
            name: the name of the layer.
            after: name of its input layer; empty for the last one.
            arguments: further arguments of its Keras class.
        """
        before = after or self.last
        cost = compute_cost(layer, self.layers[before].cost)
        if arguments.get("keepdims"):
            cost = replace(cost, shape=(1, 1, *cost.shape))
        return self._append(
            name, type(layer).__name__, msgspec.structs.asdict(layer) | arguments, (before,), cost
        )

    def add_normalization(self, name: str) -> str:
        """Add batch normalisation.

        Its momentum is 0.9 instead of 0.99, because the weights change fast.
        """
        return self.add(BatchNormalization(), name, momentum=0.9)

    def add_shape_preserving(self, kind: str, name: str, **arguments: Any) -> str:
        """Add a layer without weights that keeps the shape, and return its name."""
        return self._append(name, kind, arguments, (self.last,), self._pass(self.last))

    def join(self, kind: str, name: str, inputs: tuple[str, str], *, like: str) -> str:
        """Add a layer that adds or multiplies two outputs, and return its name.

        Args:
            kind: ``Add`` or ``Multiply``.
            name: the name of the new layer.
            inputs: the names of the two layers.
            like: the input whose shape and receptive field the new layer inherits.
        """
        return self._append(name, kind, {}, inputs, self._pass(like))

    def finish(self) -> Design:
        """Add the last layer, which returns ten probabilities."""
        self.add(Dense(units=N_CLASSES, activation="softmax"), "probabilities")
        return self

    def _pass(self, name: str) -> LayerCost:
        return replace(self.layers[name].cost, parameters=0, multiplications=0)

    def _append(
        self,
        name: str,
        kind: str,
        arguments: Mapping[str, Any],
        inputs: tuple[str, ...],
        cost: LayerCost,
    ) -> str:
        self.layers[name] = DesignedLayer(kind, arguments, inputs, cost)
        self.last = name
        return name
