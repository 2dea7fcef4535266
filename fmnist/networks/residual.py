"""Residual networks for 28×28 images, of any width and depth (He et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import keras
from keras import layers

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.networks.parts import add_convolution, add_residual_block, scale_units
from fmnist.runs import Recipe

REASONS: Final[dict[str, str]] = {
    "pixels": "Raw pixels, 0–255, one grey channel: whoever uses the saved model can't forget to "
    "scale.",
    "rescaling": "0–255 becomes 0–1, so that the first weights meet numbers of their own size.",
    "conv_stem": "The first detectors, for edges and weave, at full size: buttons and seams are a "
    "pixel wide here.",
    "conv": "3×3, twice a block: two small windows see as far as one of 5×5 and cost less. A 1×1 "
    "only mixes maps, where their number grows.",
    "norm": "Keeps each filter's output at one scale; a network this deep does not train without "
    "(Ioffe & Szegedy 2015).",
    "relu": "Lets through what was found and drops the rest.",
    "squeeze": "One number a map: how much of its part there is in the whole picture.",
    "gate": "From those numbers a weight for each map, between 0 and 1 (Hu et al. 2018).",
    "scale": "Maps that matter for this garment count more, the others less.",
    "mean": "Averages 2×2 on the short cut, so that no place is passed over (He et al. 2019).",
    "add": "Adds what came in: the block only has to learn what to change, and the error finds "
    "its way back to the first layers (He et al. 2016).",
    "average": "The mean of each map: the verdict does not depend on where a part stood, and no "
    "big dense layer is needed.",
    "drop": "Silences part of the evidence at random while training, so that no decision hangs on "
    "one map.",
    "probabilities": "One number a class; softmax makes them positive and sum to one.",
}


def build_residual(
    recipe: Recipe, filters: Sequence[int], blocks: Sequence[int], name: str
) -> keras.Model:
    """Build a residual network: a stem, then stages of blocks, each at half the size of the last.

    Args:
        recipe: ``dropout`` before the verdict, ``width``, ``normalisation``.
        filters: maps of each stage; the first one's also of the stem.
        blocks: residual blocks of each stage.
        name: of the network.

    Returns:
        A functional model: float32 ``(n, 28, 28, 1)``, 0–255, to probabilities ``(n, 10)``.
    """
    pixels = keras.Input((*IMAGE_SHAPE, 1), name="pixels")
    x = layers.Rescaling(1 / 255, name="rescaling")(pixels)
    widths = scale_units(filters, recipe.width)
    x = add_convolution(x, widths[0], recipe, "stem")
    x = layers.ReLU(name="relu_stem")(x)
    for stage, (maps, count) in enumerate(zip(widths, blocks, strict=True), start=1):
        for block in range(1, count + 1):
            halve = stage > 1 and block == 1
            x = add_residual_block(x, maps, recipe, f"{stage}{block}", stride=2 if halve else 1)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dropout(recipe.dropout, name="drop")(x)
    outputs = layers.Dense(N_CLASSES, activation="softmax", name="probabilities")
    return keras.Model(pixels, outputs(x), name=name)
