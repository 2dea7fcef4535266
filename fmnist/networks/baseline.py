"""The baseline: dense layers only, the minimum that a convolutional network has to beat."""

from __future__ import annotations

from typing import Final

import keras
from keras import layers

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.networks.parts import scale_units
from fmnist.runs import Recipe

DENSE_UNITS: Final = (512, 256)

REASONS: Final[dict[str, str]] = {
    "pixels": "Raw pixels, 0–255: the saved model scales them itself.",
    "rescaling": "Scales pixels to 0–1, the range that the weights are initialised for.",
    "flatten": "Turns the image into a vector of 784 values, without the positions of the pixels.",
    "dense_1": "512 templates of whole garments, each with a weight for all 784 pixels.",
    "dense_2": "256 combinations of those templates.",
    "norm": "Normalises each unit's activations, so that training is stable at a higher learning "
    "rate (Ioffe & Szegedy 2015).",
    "relu": "Sets negative activations to zero; without a non-linearity, two layers would equal "
    "one.",
    "drop": "Sets random activations to zero in training: a dense network overfits otherwise "
    "(Srivastava et al. 2014).",
    "probabilities": "One value a class; softmax makes them positive and sum to one.",
}


def build_network(recipe: Recipe) -> keras.Model:
    """Build the network with weights drawn from Keras' global seed.

    Args:
        recipe: ``dropout`` after each dense layer, ``width``, ``normalisation``.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.
    """
    pixels = keras.Input((*IMAGE_SHAPE, 1), name="pixels")
    x = layers.Rescaling(1 / 255, name="rescaling")(pixels)
    x = layers.Flatten(name="flatten")(x)  # (n, 784)
    for block, units in enumerate(scale_units(DENSE_UNITS, recipe.width), start=1):
        # No bias: the normalisation that follows has an offset.
        x = layers.Dense(units, use_bias=not recipe.normalisation, name=f"dense_{block}")(x)
        if recipe.normalisation:
            # Momentum 0.9 instead of 0.99: the statistics follow weights that change fast.
            x = layers.BatchNormalization(momentum=0.9, name=f"norm_{block}")(x)
        x = layers.ReLU(name=f"relu_{block}")(x)
        x = layers.Dropout(recipe.dropout, name=f"drop_{block}")(x)
    outputs = layers.Dense(N_CLASSES, activation="softmax", name="probabilities")
    return keras.Model(pixels, outputs(x), name="baseline")
