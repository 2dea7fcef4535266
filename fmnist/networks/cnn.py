"""The custom CNN: three convolutions of 32, 64 and 128 filters, then dense layers."""

from __future__ import annotations

from typing import Final

from fmnist.networks.design import Design
from fmnist.networks.parts import scale_units
from fmnist.runs import Recipe
from fmnist.runs.architecture import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

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
    "probabilities": "One value per class; softmax makes them positive and sum to one.",
}


def design_network(recipe: Recipe) -> Design:
    """Return the layers of the network.

    Args:
        recipe: ``dropout`` before and between the dense layers, ``width``, ``normalisation``.
    """
    network = Design("cnn")
    for block, filters in enumerate(scale_units(FILTERS, recipe.width), start=1):
        # (n, 28, 28, 1) → (n, 14, 14, 32) → (n, 14, 14, 64) → (n, 7, 7, 128)
        # No bias: the normalisation that follows has an offset.
        network.add(Conv2D(filters=filters, use_bias=not recipe.normalisation), f"conv_{block}")
        if block in POOLED:
            # Pooling first leaves normalisation and ReLU a quarter of the work. Overlapping
            # windows: 0.2 points better on validation (one seed, 12 epochs) than 2×2. Two poolings:
            # 0.1 points (30 epochs) to 0.2 (12 epochs) better than three.
            network.add(MaxPooling2D(pool_size=3, strides=2), f"pool_{block}")
        if recipe.normalisation:
            network.add_normalization(f"norm_{block}")
        network.add_shape_preserving("ReLU", f"relu_{block}")
    network.add(Flatten(), "flatten")  # (n, 6272)
    network.add(Dropout(rate=recipe.dropout), "drop_1")
    for block, units in enumerate(scale_units(DENSE_UNITS, recipe.width), start=1):
        network.add(Dense(units=units, activation="relu"), f"dense_{block}")
        network.add(Dropout(rate=recipe.dropout), f"drop_{block + 1}")
    return network.finish()
