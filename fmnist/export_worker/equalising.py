"""Give the channels of a layer similar ranges, for 8-bit numbers with one step for all of them.

A factor above 0 passes through ReLU, means and sums: multiplied into the weights that compute a
channel and divided out of those that use it, it changes no answer (Nagel et al. 2019). The terms of
a residual sum share their factors.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import DisjointSet

from fmnist.export_worker.folding import list_sources

SHARE: Final = 0.5
"""Exponent of the factors. With 1, all ranges are equal, and the weights that use them differ more
instead."""

_SMALLEST_RANGE: Final = 1e-3
"""Of the layer's largest one; a channel that is always 0 gets no endless factor."""

_BATCH_IMAGES: Final = 100

_FIXED: Final = ""
"""Stands for the layers whose outputs stay as they are."""

_WEIGHTED: Final = (keras.layers.Conv2D, keras.layers.Dense)

_PASSING: Final = (
    keras.layers.Add,
    keras.layers.AveragePooling2D,
    keras.layers.Dropout,
    keras.layers.GlobalAveragePooling2D,
    keras.layers.MaxPooling2D,
)
"""Layers that a factor passes."""


def equalise_channels(network: keras.Model, images: NDArray[np.uint8]) -> keras.Model:
    """Return a network with the same answers, whose channels differ less in range.

    Args:
        network: as ``load_network`` returns it.
        images: training images that the ranges are measured on, uint8 ``(n, 28, 28)``.
    """
    groups = _group_layers(network)
    factors = _compute_factors(network, groups, images)
    equalised = keras.models.clone_model(network)
    for layer in network.layers:
        weights = layer.get_weights()
        if not weights:
            continue
        if isinstance(layer, _WEIGHTED):
            (source,) = list_sources(layer)
            if (factor := factors.get(groups[source.name])) is not None:
                weights[0] = weights[0] / factor[:, np.newaxis]
        if (factor := factors.get(groups[layer.name])) is not None:
            # Kernel and bias, or the factors and offsets of a normalisation.
            weights[:2] = [each * factor for each in weights[:2]]
        equalised.get_layer(layer.name).set_weights(weights)
    return equalised


def _group_layers(network: keras.Model) -> DisjointSet:
    """Return the names of the layers, in one set if their outputs need the same factors."""
    groups = DisjointSet([_FIXED, *(layer.name for layer in network.layers)])
    for layer in network.layers:
        same, fixed = _find_constraints(layer, [each.name for each in list_sources(layer)])
        for name in same:
            groups.merge(layer.name, name)
        for name in fixed:
            groups.merge(_FIXED, name)
    return groups


def _find_constraints(layer: Any, sources: list[str]) -> tuple[list[str], list[str]]:
    """Return the inputs that need the factors of a layer, and the layers that can have none."""
    if isinstance(layer, _WEIGHTED):
        can_scale = layer.activation in (keras.activations.linear, keras.activations.relu)
        return [], [] if can_scale else [layer.name]
    if isinstance(layer, keras.layers.BatchNormalization):
        return [], sources if layer.scale and layer.center else [layer.name, *sources]
    if isinstance(layer, keras.layers.Multiply):  # by gates, which have no factor
        return sources[:1], sources[1:]
    is_relu = isinstance(layer, keras.layers.ReLU) and layer.max_value is None
    if isinstance(layer, _PASSING) or (is_relu and not layer.threshold):
        return sources, []
    return [], [layer.name, *sources]


def _compute_factors(
    network: keras.Model, groups: DisjointSet, images: NDArray[np.uint8]
) -> dict[str, NDArray[np.float32]]:
    """Return the factors of the channels of each set, ``(c,)``, 1 or more."""
    # The converter computes these and the ReLU as one: they are never rounded.
    before_relu = {
        source.name
        for layer in network.layers
        if isinstance(layer, keras.layers.ReLU)
        for source in list_sources(layer)
    }
    members = defaultdict(list)
    for layer in network.layers:
        if layer.name not in before_relu and not groups.connected(layer.name, _FIXED):
            members[groups[layer.name]].append(layer.output)
    if not members:
        return {}
    outputs = keras.Model(network.inputs, dict(members)).predict(
        images[..., np.newaxis].astype(np.float32), batch_size=_BATCH_IMAGES, verbose=0
    )
    return {
        name: _equalise([np.abs(each).reshape(-1, each.shape[-1]).max(axis=0) for each in found])
        for name, found in outputs.items()
    }


def _equalise(ranges: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return the factors of channels, given their ranges ``(c,)`` in each layer of a set."""
    shares = [np.clip(each / (each.max() or 1.0), _SMALLEST_RANGE, 1.0) for each in ranges]
    factors: NDArray[np.float32] = np.exp(-SHARE * np.log(shares).mean(axis=0)).astype(np.float32)
    return factors
