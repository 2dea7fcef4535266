"""What a sweep may vary: ranges and choices of a recipe's settings."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fmnist.errors import RecipeError
from fmnist.runs import AUGMENTATIONS, Recipe

Value = float | int | str


@dataclass(frozen=True, slots=True)
class Range:
    """Every number between two bounds.

    Attributes:
        low: smallest value, inclusive.
        high: largest value, inclusive.
        log: each factor of ten gets an equal share of the trials.
        step: distance of the values that are tried; None for all numbers. Not with ``log``.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def contains(self, value: object) -> bool:
        """Tell whether a value lies in the range."""
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Choices:
    """A few values without numbers between them.

    Attributes:
        values: at least two.
    """

    values: tuple[Value, ...]

    def contains(self, value: object) -> bool:
        """Tell whether a value is one of the choices."""
        return value in self.values


Space = Mapping[str, Range | Choices]
"""What to vary: a setting of ``Recipe`` to the values it may take."""

_ALL: Final[dict[str, Range | Choices]] = {
    "learning_rate": Range(3e-4, 1e-2, log=True),
    "dropout": Range(0.0, 0.6, step=0.05),
    "batch_size": Choices((32, 64, 128, 256, 512)),
    "augmentation": Choices(AUGMENTATIONS),
    "width": Range(0.5, 2.0, step=0.25),
}

SWEEPABLE: Final[dict[str, Range | Choices]] = {
    name: values
    for name, values in _ALL.items()
    if name in {field.name for field in dataclasses.fields(Recipe)}
}
"""Settings that a sweep may vary, each with the range or the choices offered first."""

DEFAULT_SETTINGS: Final = ("learning_rate", "dropout")
"""What a new sweep varies unless told otherwise: a dozen trials can't tell more apart."""


def round_value(value: Value) -> Value:
    """Round a number to three significant digits, as a person would write it down."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.3g}")
    return value


def build_varied(recipe: Recipe, settings: Mapping[str, Value]) -> Recipe:
    """Return a recipe with these settings instead of its own.

    Raises:
        RecipeError: a value outside its range.
    """
    chosen: dict[str, Any] = {name: round_value(value) for name, value in settings.items()}
    return dataclasses.replace(recipe, **chosen)


def check_space(space: Space, recipe: Recipe) -> None:
    """Check that each setting can be varied as asked.

    Raises:
        RecipeError: nothing is varied, a setting can't be, its bounds are the wrong way round, or a
            recipe does not allow one of its values; the message names it.
    """
    if not space:
        raise RecipeError("A sweep varies at least one setting. Tick learning rate, for a start.")
    for name, values in space.items():
        if name not in SWEEPABLE:
            raise RecipeError(
                f"{name} can't be varied by a sweep. Take some of {', '.join(SWEEPABLE)}."
            )
        if isinstance(values, Range):
            if not values.low < values.high:
                raise RecipeError(
                    f"{name} goes from {values.low:g} to {values.high:g}: nothing lies between. "
                    "Give a lower start or a higher end."
                )
            ends: tuple[Value, ...] = (values.low, values.high)
        else:
            if len(set(values.values)) < 2:
                raise RecipeError(f"{name} has one choice or none to vary. Take two or more.")
            ends = values.values
        for end in ends:
            build_varied(recipe, {name: end})  # the recipe knows what it allows


def space_to_dict(space: Space) -> dict[str, Any]:
    """Return plain JSON values."""
    return {name: dataclasses.asdict(values) for name, values in space.items()}


def space_from_dict(values: Mapping[str, Mapping[str, Any]]) -> dict[str, Range | Choices]:
    """Build a space from JSON values.

    Raises:
        TypeError: a range or choice has unknown or missing fields.
    """
    return {
        name: Choices(tuple(given["values"])) if "values" in given else Range(**given)
        for name, given in values.items()
    }
