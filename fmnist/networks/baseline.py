"""The baseline: only dense layers, the minimum for a convolutional network to beat."""

from __future__ import annotations

from typing import Final

from fmnist.networks.design import Design
from fmnist.networks.parts import scale_units
from fmnist.runs import Recipe
from fmnist.runs.architecture import Dense, Dropout, Flatten

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
    "probabilities": "One value per class; softmax makes them positive and sum to one.",
}


def design_network(recipe: Recipe) -> Design:
    """Return the layers of the network.

    Args:
        recipe: ``dropout`` after each dense layer, ``width``, ``normalisation``.
    """
    network = Design("baseline")
    network.add(Flatten(), "flatten")  # (n, 784)
    for block, units in enumerate(scale_units(DENSE_UNITS, recipe.width), start=1):
        # No bias: the normalisation that follows has an offset.
        network.add(Dense(units=units, use_bias=not recipe.normalisation), f"dense_{block}")
        if recipe.normalisation:
            network.add_normalization(f"norm_{block}")
        network.add_shape_preserving("ReLU", f"relu_{block}")
        network.add(Dropout(rate=recipe.dropout), f"drop_{block}")
    return network.finish()
