"""The baseline: dense layers only, the minimum that a convolution has to beat."""

from __future__ import annotations

from typing import Final

import keras
from keras import layers

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.networks.parts import scale_units
from fmnist.runs import Recipe

DENSE_UNITS: Final = (512, 256)

REASONS: Final[dict[str, str]] = {
    "pixels": "Raw pixels, 0–255: whoever uses the saved model can't forget to scale.",
    "rescaling": "0–255 becomes 0–1, so that the first weights meet numbers of their own size.",
    "flatten": "784 numbers in a row: now the network no longer knows which are neighbours.",
    "dense_1": "512 whole-garment templates, each weighing all 784 pixels at once.",
    "dense_2": "256 combinations of those templates.",
    "norm": "Keeps each template's answer at one scale, so that a higher learning rate stays "
    "stable (Ioffe & Szegedy 2015).",
    "relu": "Lets through what matched and drops the rest; without it, two layers were one.",
    "drop": "Silences part of the answers at random while training: a dense network learns its "
    "training set by heart otherwise (Srivastava et al. 2014).",
    "probabilities": "One number a class; softmax makes them positive and sum to one.",
}


def build_network(recipe: Recipe) -> keras.Model:
    """Build the network, its weights drawn from Keras' global seed.

    Args:
        recipe: ``dropout`` after each dense layer, ``width``, ``normalisation``.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.
    """
    pixels = keras.Input((*IMAGE_SHAPE, 1), name="pixels")
    x = layers.Rescaling(1 / 255, name="rescaling")(pixels)
    x = layers.Flatten(name="flatten")(x)  # (n, 784)
    for block, units in enumerate(scale_units(DENSE_UNITS, recipe.width), start=1):
        # No bias where the normalisation that follows has one.
        x = layers.Dense(units, use_bias=not recipe.normalisation, name=f"dense_{block}")(x)
        if recipe.normalisation:
            # Momentum 0.9 instead of 0.99: after one short epoch the averages must hold already.
            x = layers.BatchNormalization(momentum=0.9, name=f"norm_{block}")(x)
        x = layers.ReLU(name=f"relu_{block}")(x)
        x = layers.Dropout(recipe.dropout, name=f"drop_{block}")(x)
    outputs = layers.Dense(N_CLASSES, activation="softmax", name="probabilities")
    return keras.Model(pixels, outputs(x), name="baseline")
