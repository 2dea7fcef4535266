"""The model that is trained: augmentation, then a copy of the network in the fastest precision."""

from __future__ import annotations

from typing import Final

import keras

from fmnist.classes import IMAGE_SHAPE
from fmnist.runs import Recipe
from fmnist.training.augmentation import build_augmentation
from fmnist.training.fused import (
    FusedNormalization,
    ProductConvolution,
    correct_statistics,
    reset_statistics,
)
from fmnist.training.teacher import Teaching

CORE: Final = "core"
"""Name, inside a trainer, of the network that learns."""


FASTER: Final[dict[type[keras.layers.Layer], type[keras.layers.Layer]]] = {
    keras.layers.BatchNormalization: FusedNormalization,
    keras.layers.Conv2D: ProductConvolution,
}
"""Replacements of layers in training; weights and results are the same."""


def build_trainer(
    network: keras.Model, recipe: Recipe, precision: str, teacher: keras.Model | None = None
) -> keras.Model:
    """Build the model that ``fit`` trains: augmentation, then a copy of the network.

    The copy starts from the network's weights, with fresh moving statistics, and learns in
    ``precision``; ``adopt_weights`` copies its weights back. The network itself stays float32
    and plain Keras, and is what is validated and saved.

    Args:
        network: takes ``(n, 28, 28, 1)``, 0–255.
        recipe: names the augmentation and its seed.
        precision: ``"float32"`` or ``"mixed_bfloat16"`` (variables stay float32 in either).
        teacher: the network whose predictions for the augmented images are also learned; None if
            there is no teacher.
    """
    core = _copy_network(network, precision)
    core.name = CORE
    reset_statistics(core)
    pixels = x = keras.Input((*IMAGE_SHAPE, 1))
    for layer in build_augmentation(recipe.augmentation, recipe.seed):
        x = layer(x)
    y_proba = core(x)
    if teacher is not None:
        taught = _copy_network(teacher, precision)
        y_proba = Teaching(taught, recipe.teacher_temperature, recipe.teacher_share)(x, y_proba)
    return keras.Model(pixels, y_proba, name="trainer")


def _copy_network(network: keras.Model, precision: str) -> keras.Model:
    def copy_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        # Probabilities are float32 with any precision: those of a rare class are small.
        if layer.name != network.output_names[0]:
            config["dtype"] = precision
        return FASTER.get(type(layer), type(layer)).from_config(config)

    copy = keras.models.clone_model(network, clone_function=copy_layer)
    copy.set_weights(network.get_weights())
    return copy


def adopt_weights(network: keras.Model, trainer: keras.Model) -> None:
    """Copy the trained weights into the network; nothing before the first step.

    Weights are the running average if there is one, and so are the moving statistics, over the
    same steps. Both are free of their starting values, so that the network can be validated after
    any number of steps.
    """
    optimizer = trainer.optimizer
    steps = int(optimizer.iterations)
    if steps == 0:
        return
    core = trainer.get_layer(CORE)
    learned = optimizer.get_averages() or core.trainable_weights
    # Copies: JAX's steps delete the arrays that they were given.
    for target, source in zip(network.trainable_weights, learned, strict=True):
        target.assign(keras.ops.copy(source))
    kept = zip(network.non_trainable_weights, core.non_trainable_weights, strict=True)
    for target, source in kept:
        target.assign(keras.ops.copy(source))
    correct_statistics(network, steps, optimizer.ema_momentum if optimizer.use_ema else None)
