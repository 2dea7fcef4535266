"""Attribution by gradients of the logits, with respect to pixels or feature maps.

Logits rather than probabilities: those of a confident prediction hardly change, so their gradients
vanish, and each depends on all ten logits.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.errors import MethodError
from fmnist.keras_worker.loaded import compute_logits, get_network, list_map_layers, to_pixels
from fmnist.keras_worker.stages import is_rectified

LAYERCAM_SIDE: Final = 14
"""LayerCAM is computed at the deepest layer whose maps have at least this height and width."""

_TRACED: Final = 8
"""Graphs that are kept: three methods of each of the networks that stay loaded."""


def attribute(
    path: str,
    images: NDArray[np.uint8],
    method: str,
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> tuple[NDArray[np.float32], str]:
    """Return each pixel's contribution to a class, and the layer at which it was computed.

    Args:
        path: a ``model.keras``.
        images: uint8 ``(n, 28, 28)``.
        method: ``layercam`` (Jiang et al. 2021), ``gradcam`` (Selvaraju et al. 2017) or
            ``gradient`` (Simonyan et al. 2014).
        labels: ``(n,)``, the class to explain for each image.
        against: ``(n,)``, the class whose logit is subtracted, or None.

    Returns:
        float32 ``(n, 28, 28)``, positive where a pixel speaks for the class. Of ``gradient``, the
        change of the logit, by linear extrapolation, if the pixel went from black to white.

    Raises:
        MethodError: the network has no maps, or no logits.
    """
    network = get_network(path)
    if method == "gradient":
        return compute_input_gradient(network, images, labels, against), network.layers[0].name
    layer = choose_layer(network, LAYERCAM_SIDE if method == "layercam" else 2)
    maps, gradients = _differentiate(network, layer, images, labels, against)
    if method == "layercam":
        evidence = weigh_by_position(maps, gradients)
    else:
        evidence = weigh_by_mean(maps, gradients)
    large = tf.image.resize(evidence[..., np.newaxis], IMAGE_SHAPE)  # bilinear
    return np.asarray(large)[..., 0].astype(np.float32), layer.name


def choose_layer(network: keras.Model, side: int) -> Any:
    """Return the deepest layer whose maps have at least ``side`` × ``side`` positions.

    It ends in a ReLU if there is such a layer: the methods are defined on activations.

    Raises:
        MethodError: there is no such layer.
    """
    layers = [each for each in list_map_layers(network) if min(each.output.shape[1:3]) >= side]
    if not layers:
        raise MethodError(
            f"The network has no convolution whose maps have {side}×{side} positions or more. "
            "Choose the input gradient or Occlusion, which need none."
        )
    return next((each for each in reversed(layers) if is_rectified(each)), layers[-1])


def weigh_by_position(
    maps: NDArray[np.float32], gradients: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return LayerCAM's evidence for the class minus that against it, ``(n, h, w)``.

    At each position, each map is weighted by its gradient there if that is positive; for the
    evidence against the class, by the negative gradients.
    """
    evidence_for, evidence_against = (
        np.maximum((np.maximum(each, 0) * maps).sum(axis=-1), 0) for each in (gradients, -gradients)
    )
    return np.asarray(evidence_for - evidence_against)


def weigh_by_mean(maps: NDArray[np.float32], gradients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return Grad-CAM before its ReLU, ``(n, h, w)``: maps weighted by their mean gradient."""
    weights = gradients.mean(axis=(1, 2), keepdims=True)
    return np.asarray((weights * maps).sum(axis=-1))


def compute_input_gradient(
    network: keras.Model,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> NDArray[np.float32]:
    """Return the gradient of the logits at the pixels times 255, float32 ``(n, 28, 28)``."""
    _, gradients = _differentiate(network, network.layers[0], images, labels, against)
    return np.asarray(gradients[..., 0] * 255)


def differentiate_loss(path: str, image: NDArray[np.uint8], label: int) -> NDArray[np.float32]:
    """Return the direction of the loss gradient at the pixels, float32 ``(28, 28)``.

    The loss is the cross-entropy for a class. The result is the mean gradient of the other logits,
    weighted by their probabilities, minus that of the class. The factor of one minus the class's
    probability is omitted, since it would be rounded to zero for a confident prediction.

    Args:
        path: a ``model.keras``.
        image: uint8 ``(28, 28)``.
        label: the class, 0 to 9.

    Raises:
        MethodError: the network has no logits.
    """
    network = get_network(path)
    y_proba = np.asarray(network(to_pixels(image[None]), training=False), np.float64)
    others = y_proba * (np.arange(N_CLASSES) != label) + 1e-30
    direction = others / others.sum() - np.eye(N_CLASSES)[label]
    _, gradients = _trace(network, network.layers[0])(
        to_pixels(image[None]), direction.astype(np.float32)
    )
    return np.asarray(gradients)[0, ..., 0]


def _differentiate(
    network: keras.Model,
    layer: Any,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the output of a layer, and the gradient of the logits there.

    Each is float32 ``(n, h, w, c)``.
    """
    one_hot = np.eye(N_CLASSES, dtype=np.float32)
    direction = one_hot[labels] - (0 if against is None else one_hot[against])
    values, gradients = _trace(network, layer)(to_pixels(images), direction)
    return np.asarray(values), np.asarray(gradients)


@functools.lru_cache(_TRACED)
def _trace(network: keras.Model, layer: Any) -> Any:
    """Return a graph that computes a layer's output and gradient.

    Unlike single operations, a graph omits the gradients of the kernels.
    """
    both = keras.Model(network.inputs, [layer.output, network.layers[-1].input])
    signature = [
        tf.TensorSpec((None, *IMAGE_SHAPE, 1), tf.float32),
        tf.TensorSpec((None, N_CLASSES), tf.float32),
    ]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator]
    def differentiate(pixels: Any, direction: Any) -> tuple[Any, Any]:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(pixels)
            values, features = both(pixels, training=False)
            total = tf.reduce_sum(compute_logits(network, features) * direction)
        return values, tape.gradient(total, values)

    return differentiate
