"""The custom CNN: three convolutions of 32, 64 and 128 filters, then dense layers."""

from __future__ import annotations

from typing import Final

import keras
from keras import layers

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.networks.parts import scale_units
from fmnist.runs import Recipe

FILTERS: Final = (32, 64, 128)
POOLED: Final = (1, 3)
"""The convolutions that are followed by pooling."""
DENSE_UNITS: Final = (168, 128)

REASONS: Final[dict[str, str]] = {
    "pixels": "Raw pixels, 0–255, one channel: the saved model scales them itself.",
    "rescaling": "Scales pixels to 0–1, the range that the weights are initialised for.",
    "conv_1": "32 filters for edges and textures. 3×3 is the smallest window with a centre; "
    "padding keeps the border, where sleeves and soles end.",
    "conv_2": "64 filters that combine edges into parts: a collar, a strap, a heel. Twice the "
    "filters, since pooling has quartered the positions.",
    "conv_3": "128 filters that combine parts: each sees 13×13 of the 28×28 pixels. No pooling "
    "before it, so that it still covers 14×14 positions.",
    "norm": "Normalises each filter's activations, so that training is stable at a higher learning "
    "rate (Ioffe & Szegedy 2015). After the pooling where there is one: a quarter of the work.",
    "relu": "Sets negative activations to zero; without a non-linearity, three convolutions would "
    "equal one.",
    "pool": "Keeps the maximum of each 3×3 window at every second position: a quarter of the "
    "values, and tolerance to shifts of a pixel. Overlapping windows lose less than 2×2 side by "
    "side (Krizhevsky et al. 2012). Padding keeps the last row, where soles are.",
    "drop": "Sets random activations to zero in training, so that no decision depends on a single "
    "feature (Srivastava et al. 2014).",
    "flatten": "Turns the 128 maps of 7×7 into one vector of 6,272 values for the dense layers.",
    "dense_1": "Combines all parts: a collar with sleeves and buttons is a shirt. Most of the "
    "parameters are here.",
    "dense_2": "Reduces the features to 128 before the classification.",
    "probabilities": "One value a class; softmax makes them positive and sum to one.",
}


def build_network(recipe: Recipe) -> keras.Model:
    """Build the network with weights drawn from Keras' global seed.

    Args:
        recipe: ``dropout`` before and between the dense layers, ``width``, ``normalisation``.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.
    """
    pixels = keras.Input((*IMAGE_SHAPE, 1), name="pixels")
    x = layers.Rescaling(1 / 255, name="rescaling")(pixels)
    for block, filters in enumerate(scale_units(FILTERS, recipe.width), start=1):
        # (n, 28, 28, 1) → (n, 14, 14, 32) → (n, 14, 14, 64) → (n, 7, 7, 128)
        x = layers.Conv2D(
            filters,
            3,
            padding="same",
            name=f"conv_{block}",
            use_bias=not recipe.normalisation,  # the normalisation that follows has one
        )(x)
        if block in POOLED:
            # Pooling first leaves a quarter of the work to normalisation and ReLU.
            # Overlapping windows: 0.2 points better on validation (one seed, 12 epochs) than 2×2.
            # Two poolings: 0.1 points (30 epochs) to 0.2 (12 epochs) better than three.
            x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"pool_{block}")(x)
        if recipe.normalisation:
            # Momentum 0.9 instead of 0.99: the statistics follow weights that change fast.
            x = layers.BatchNormalization(momentum=0.9, name=f"norm_{block}")(x)
        x = layers.ReLU(name=f"relu_{block}")(x)
    x = layers.Flatten(name="flatten")(x)  # (n, 6272)
    x = layers.Dropout(recipe.dropout, name="drop_1")(x)
    for block, units in enumerate(scale_units(DENSE_UNITS, recipe.width), start=1):
        x = layers.Dense(units, activation="relu", name=f"dense_{block}")(x)
        x = layers.Dropout(recipe.dropout, name=f"drop_{block + 1}")(x)
    outputs = layers.Dense(N_CLASSES, activation="softmax", name="probabilities")
    return keras.Model(pixels, outputs(x), name="cnn")
