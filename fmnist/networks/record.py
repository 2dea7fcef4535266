"""The largest network: the design of the compact one, wider and deeper."""

from __future__ import annotations

from typing import Final

from fmnist.networks.design import Design
from fmnist.networks.residual import REASONS, design_residual
from fmnist.runs import Recipe

__all__ = ["REASONS", "design_network"]

FILTERS: Final = (64, 128, 256)
BLOCKS: Final = (2, 3, 4)


def design_network(recipe: Recipe) -> Design:
    """Return the layers: stages of 64, 128 and 256 channels; see ``design_residual``."""
    return design_residual(recipe, FILTERS, BLOCKS, "record")
