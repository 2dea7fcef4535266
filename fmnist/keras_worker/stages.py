"""The stages of a network, their feature maps, and the maxima of each map."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.keras_worker.loaded import get_network, list_map_layers, to_pixels
from fmnist.keras_worker.records import Stage

_FIRST: Final = (keras.layers.Conv2D, keras.layers.Add)
_POOLING: Final = keras.layers.MaxPooling2D
_FOLLOWING: Final = (
    keras.layers.BatchNormalization,
    keras.layers.ReLU,
    keras.layers.Activation,
    _POOLING,
)
_KEPT: Final = 4
"""Networks with all maps as outputs that are kept: they share the weights of the loaded ones."""


def compute_stages(path: str, image: NDArray[np.uint8]) -> list[Stage]:
    """Return the stages of a network with their maps for an image, uint8 ``(28, 28)``."""
    network = get_network(path)
    stages, outputs = list_stages(network), _observe(network)(to_pixels(image[None]))
    found = []
    for number, (layers, output) in enumerate(zip(stages, outputs, strict=True)):
        is_first_convolution = number == 0 and isinstance(layers[0], keras.layers.Conv2D)
        filters = np.asarray(layers[0].kernel)[:, :, 0] if is_first_convolution else None
        names = tuple(layer.name for layer in layers)
        maps = np.asarray(output[0], np.float32)
        # The maximum of non-negative values is not negative.
        last = next(each for each in reversed(layers) if not isinstance(each, _POOLING))
        found.append(Stage(names[0], names, maps, is_rectified(last), filters))
    return found


def find_maxima(
    path: str, images: NDArray[np.uint8]
) -> dict[str, tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Return the highest value of each map for each image, by the name of the stage.

    Args:
        path: a ``model.keras``.
        images: uint8 ``(n, 28, 28)``.

    Returns:
        Values, float32 ``(n, c)``, and their positions in the maps in reading order, int32.
    """
    network = get_network(path)
    found = {}
    outputs = _observe(network)(to_pixels(images))
    for layers, output in zip(list_stages(network), outputs, strict=True):
        flat = np.asarray(output, np.float32).reshape(len(images), -1, output.shape[-1])
        positions = flat.argmax(axis=1).astype(np.int32)
        values = np.take_along_axis(flat, positions[:, None], axis=1)[:, 0]
        found[layers[0].name] = values, positions
    return found


def list_stages(network: keras.Model) -> list[list[Any]]:
    """Return the layers of each stage: a convolution or a sum, and what follows map by map.

    A stage ends where its output branches, or enters a layer that mixes maps.
    """
    stages = []
    for layer in list_map_layers(network):
        if not isinstance(layer, _FIRST):
            continue
        stage = [layer]
        while isinstance(following := _find_only_consumer(network, stage[-1]), _FOLLOWING):
            stage.append(following)
        stages.append(stage)
    return stages


def list_inputs(layer: Any) -> Sequence[Any]:
    """Return the layers whose outputs a layer takes; none for the input."""
    if isinstance(layer, keras.layers.InputLayer):
        return ()
    tensors = layer.input if isinstance(layer.input, list) else [layer.input]
    return [tensor._keras_history.operation for tensor in tensors]


def is_rectified(layer: Any) -> bool:
    """Return whether a layer sets negative values to zero."""
    return isinstance(layer, keras.layers.ReLU) or (
        getattr(layer, "activation", None) is keras.activations.relu
    )


def _find_only_consumer(network: keras.Model, layer: Any) -> Any | None:
    consumers = [each for each in network.layers if layer in list_inputs(each)]
    return consumers[0] if len(consumers) == 1 else None


@functools.lru_cache(_KEPT)
def _observe(network: keras.Model) -> Any:
    """Return a function from pixels to the outputs of all stages."""
    outputs = [stage[-1].output for stage in list_stages(network)]
    observed = keras.Model(network.input, outputs)
    # For a single output, Keras does not return a list.
    return lambda pixels: keras.tree.flatten(observed.predict_on_batch(pixels))
