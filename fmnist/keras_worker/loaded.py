"""The networks loaded by the Keras worker, and functions that its tasks share."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.errors import MethodError
from fmnist.networks.load import load_network

_NETWORKS: Final = 2
"""Networks that stay loaded, each of up to a few hundred MB; loading one takes a second."""


def get_network(path: str) -> keras.Model:
    """Return the network of a ``model.keras``, loaded once unless the file changes.

    Raises:
        OSError: the file can't be read.
        InferenceError: it is damaged, or isn't one of our networks.
    """
    stat = Path(path).stat()
    return _load(path, (stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(_NETWORKS)
def _load(path: str, stamp: tuple[int, int]) -> keras.Model:  # noqa: ARG001
    return load_network(path)


def list_map_layers(network: keras.Model) -> list[Any]:
    """Return the layers whose output is a stack of maps, from the first convolution on, in order.

    Gates, whose maps are a single value, are left out.
    """
    kinds = [type(layer) for layer in network.layers]
    first = kinds.index(keras.layers.Conv2D) if keras.layers.Conv2D in kinds else len(kinds)
    return [
        layer
        for layer in network.layers[first:]
        if len(layer.output.shape) == 4 and layer.output.shape[1] > 1
    ]


def compute_logits(network: keras.Model, features: Any) -> Any:
    """Return the logits, ``(n, 10)``, of what enters the last layer.

    Raises:
        MethodError: the network does not end in a dense layer with softmax.
    """
    last = network.layers[-1]
    if not isinstance(last, keras.layers.Dense) or last.activation is not keras.activations.softmax:
        raise MethodError(
            f"The last layer of the network is a {type(last).__name__}, not a dense layer with "
            "softmax, so that it has no logits. Choose Occlusion, which needs none."
        )
    logits = features @ last.kernel
    return logits + last.bias if last.use_bias else logits


def to_pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images, uint8 ``(n, 28, 28)``, as a network takes them."""
    return images.astype(np.float32)[..., np.newaxis]
