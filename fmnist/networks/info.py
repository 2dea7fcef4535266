"""What pages and commands know about a network or classical model without building it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fmnist.errors import RecipeError
from fmnist.runs import Recipe

PACE_MACHINE: Final = "AMD EPYC, 2 cores"
"""The machine on which the paces were recorded: a shared server without a graphics card."""


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """A network or classical model that can be trained.

    Attributes:
        name: its key; also the module below ``fmnist.networks`` that builds it, or below
            ``fmnist.classical`` that fits it.
        title: its name on a page.
        summary: what it is for, in a sentence or two.
        recipe: the default recipe.
        parameter_range: minimum and maximum number of parameters; no limit for a classical model,
            which may store all of its training images.
        presets: other recommended recipes, by name.
        reasons: the decisions of a classical model, which has no layers, each with its reason.
        images_per_second: speed of its default recipe on ``PACE_MACHINE``, from the duration of
            whole trainings (docs/results.md); 0 if none was recorded.
    """

    name: str
    title: str
    summary: str
    recipe: Recipe
    parameter_range: tuple[int, int]
    presets: Mapping[str, Recipe] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    images_per_second: float = 0.0

    def find_recipe(self, preset: str | None) -> Recipe:
        """Return a preset, or the default recipe for None.

        Raises:
            RecipeError: the network has no such preset.
        """
        if preset is None:
            return self.recipe
        try:
            return self.presets[preset]
        except KeyError:
            known = ", ".join(self.presets) or "none"
            raise RecipeError(
                f"The network {self.name} has no preset named {preset!r}. It has: {known}."
            ) from None
