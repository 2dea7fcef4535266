"""The plan of a study: the runs to train."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from fmnist.errors import FmnistError, RecipeError
from fmnist.runs import Recipe
from fmnist.runs.setting import Choices, Range, Value
from fmnist.study.space import build_varied, check_space, space_from_dict, space_to_dict

SWEEP: Final = "sweep"
REPEAT: Final = "repeat"

MAX_TRIALS: Final = 500
MAX_SEEDS: Final = 50


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """The complete description of a study's runs.

    Attributes:
        kind: ``SWEEP`` searches for settings, ``REPEAT`` trains one recipe with several seeds.
        recipe: the recipe shared by all runs; the seeds of a repeat count up from its seed.
        trials: number of runs: 2 to ``MAX_SEEDS`` for a repeat, 1 to ``MAX_TRIALS`` for a sweep.
        minutes: active time after which a sweep starts no more trials; 0: no limit.
        space: the settings that a sweep varies, and their values; empty for a repeat.
        pruning: whether a sweep stops trials that fall behind the others.
        seed: the seed of the sampler, which proposes the settings of a sweep.

    Raises:
        RecipeError: a value is not allowed; the message names it.
    """

    kind: str
    recipe: Recipe
    trials: int = 12
    minutes: float = 0.0
    space: Mapping[str, Range | Choices] = field(default_factory=dict)
    pruning: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in {SWEEP, REPEAT}:
            raise RecipeError(f"kind is {self.kind!r}; it must be {SWEEP} or {REPEAT}.")
        what, low, high = (
            ("seeds", 2, MAX_SEEDS) if self.kind == REPEAT else ("trials", 1, MAX_TRIALS)
        )
        if not isinstance(self.trials, int) or not low <= self.trials <= high:
            raise RecipeError(
                f"{what} is {self.trials!r}; it must be a whole number from {low} to {high}."
            )
        if not 0 <= self.minutes <= 1e5:
            raise RecipeError(f"minutes is {self.minutes!r}; it must be from 0 to 100,000.")
        if self.kind == SWEEP:
            if not self.recipe.validation_share:
                raise RecipeError(
                    "validation_share is 0; a sweep compares its trials by validation accuracy. "
                    "Set validation_share to 0.1."
                )
            check_space(self.space, self.recipe)

    def build_recipe(self, settings: Mapping[str, Value]) -> Recipe:
        """Return the recipe of one trial: the shared recipe with these settings."""
        return build_varied(self.recipe, settings)

    def list_seeds(self) -> list[int]:
        """Return the seeds of a repeat."""
        return [self.recipe.seed + i for i in range(self.trials)]

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return values | {"recipe": self.recipe.to_dict(), "space": space_to_dict(self.space)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build a plan from JSON values.

        Raises:
            RecipeError: a value is missing, unknown or not allowed.
        """
        try:
            recipe = Recipe.from_dict(values["recipe"])
            return cls(**{**values, "recipe": recipe, "space": space_from_dict(values["space"])})
        except FmnistError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise RecipeError(f"the plan of a study can't be used: {error!r}.") from error
