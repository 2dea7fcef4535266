"""The most accurate network: the compact one's design, wider and deeper."""

from __future__ import annotations

from typing import Final

import keras

from fmnist.networks.residual import REASONS, build_residual
from fmnist.runs import Recipe

__all__ = ["REASONS", "build_network"]

FILTERS: Final = (64, 128, 256)
BLOCKS: Final = (2, 3, 4)


def build_network(recipe: Recipe) -> keras.Model:
    """Build the network: stages of 64, 128 and 256 channels; see ``build_residual``."""
    return build_residual(recipe, FILTERS, BLOCKS, "record")
