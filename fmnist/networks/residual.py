"""Residual networks for 28×28 images, of any width and depth (He et al. 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fmnist.networks.design import Design
from fmnist.networks.parts import add_convolution, add_residual_block, scale_units
from fmnist.runs import Recipe
from fmnist.runs.architecture import Dropout, GlobalAveragePooling2D

REASONS: Final[dict[str, str]] = {
    "pixels": "Raw pixels, 0–255, one channel: the saved model scales them itself.",
    "rescaling": "Scales pixels to 0–1, the range that the weights are initialised for.",
    "conv_stem": "The first filters, for edges and textures, at full resolution: buttons and seams "
    "are one pixel wide here.",
    "conv": "3×3, two per block: two small windows cover the same area as one of 5×5 with fewer "
    "parameters. A 1×1 only mixes channels, where their number grows.",
    "norm": "Normalises each filter's activations; a network this deep does not train without "
    "(Ioffe & Szegedy 2015).",
    "relu": "Sets negative activations to zero, the non-linearity between two convolutions.",
    "squeeze": "The mean of each channel over the whole image.",
    "gate": "From those means a weight for each channel, between 0 and 1 (Hu et al. 2018).",
    "scale": "Multiplies each channel by its weight: channels that matter for this image count "
    "more.",
    "mean": "Averages 2×2 on the shortcut, so that no position is skipped (He et al. 2019).",
    "add": "Adds the block's input: the block only has to learn the difference, and gradients "
    "reach the first layers (He et al. 2016).",
    "average": "The mean of each channel: the classification does not depend on where a part is, "
    "and no large dense layer is needed.",
    "drop": "Sets random features to zero in training, so that no decision depends on a single "
    "channel.",
    "probabilities": "One value per class; softmax makes them positive and sum to one.",
}


def design_residual(
    recipe: Recipe, filters: Sequence[int], blocks: Sequence[int], name: str
) -> Design:
    """Return a residual network: a stem, then stages of blocks, each at half the size of the last.

    Args:
        recipe: ``dropout`` before the last layer, ``width``, ``normalisation``.
        filters: channels of each stage; those of the first are also the stem's.
        blocks: residual blocks of each stage.
        name: the name of the network.
    """
    network = Design(name)
    widths = scale_units(filters, recipe.width)
    add_convolution(network, widths[0], recipe, "stem")
    network.add_shape_preserving("ReLU", "relu_stem")
    for stage, (maps, count) in enumerate(zip(widths, blocks, strict=True), start=1):
        for block in range(1, count + 1):
            stride = 2 if stage > 1 and block == 1 else 1
            add_residual_block(network, maps, recipe, f"{stage}{block}", stride=stride)
    network.add(GlobalAveragePooling2D(), "average")
    network.add(Dropout(rate=recipe.dropout), "drop")
    return network.finish()
