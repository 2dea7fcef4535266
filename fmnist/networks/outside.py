"""A small residual network for outside pictures, fast enough for interactive use."""

from __future__ import annotations

from typing import Final

from fmnist.networks.design import Design
from fmnist.networks.residual import REASONS, design_residual
from fmnist.runs import Recipe

__all__ = ["REASONS", "design_network"]

# Multiples of 32: with 24, 48 and 96 a step took longer than with 32, 64 and 128 (bfloat16).
FILTERS: Final = (32, 64, 128)
BLOCKS: Final = (0, 2, 2)


def design_network(recipe: Recipe) -> Design:
    """Return the layers: stages of 32, 64 and 128 channels; see ``design_residual``."""
    return design_residual(recipe, FILTERS, BLOCKS, "outside")
