"""A one-minute run, for a first look at a design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fmnist.errors import RecipeError
from fmnist.networks.describe import design_network
from fmnist.networks.registry import CUSTOM_NETWORK
from fmnist.networks.workbench import build_recipe
from fmnist.runs import Recipe, Run
from fmnist.runs.architecture import Architecture
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.pace import measure_pace, was_trained_here

SECONDS: Final = 60.0
EPOCHS: Final = 3
"""Epochs of a network too slow to see all images this often within ``SECONDS``."""

MAX_EPOCHS: Final = 40


def build_quick_look(layers: Architecture, runs: Sequence[Run], *, n_images: int) -> Recipe:
    """Return a recipe that trains an architecture for about a minute.

    The pace is that of the newest run on this machine, scaled by the multiplications per image;
    without such a run, a single pass over the images is assumed to take a minute.

    Args:
        layers: the architecture.
        runs: all runs, newest first.
        n_images: number of images of the training set, validation images included.

    Raises:
        RecipeError: the architecture can't be trained.
    """
    recipe = build_recipe(CUSTOM_NETWORK.recipe, layers)
    work = _count_multiplications(recipe)
    pace = next(
        (pace for run in filter(was_trained_here, runs) if (pace := _measure_work(run))), None
    )
    images = SECONDS * pace / work if pace else float(n_images)
    passes = images / (n_images * (1 - recipe.validation_share))
    if passes >= EPOCHS:
        return replace(recipe, epochs=min(MAX_EPOCHS, round(passes)))
    share = min(1.0, max(0.005, passes / EPOCHS))
    return replace(recipe, epochs=EPOCHS, train_share=round(share, 3))


def _measure_work(run: Run) -> float | None:
    """Return the forward multiplications per second of a run, or None if unknown."""
    if run.damage or run.recipe.network in CLASSICAL:
        return None
    multiplications, pace = find_multiplications(run.recipe), measure_pace(run)
    return None if pace is None or multiplications is None else pace * multiplications


def find_multiplications(recipe: Recipe) -> int | None:
    """Return the multiplications of a network for one image; None if it has no layers."""
    if recipe.network in CLASSICAL:
        return None
    try:
        return _count_multiplications(recipe)
    except RecipeError:  # a network from another version
        return None


def _count_multiplications(recipe: Recipe) -> int:
    layers = design_network(recipe).layers.values()
    return max(1, sum(layer.cost.multiplications for layer in layers))
