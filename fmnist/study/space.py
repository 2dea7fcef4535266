"""The search space of a sweep: ranges and choices of settings."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Final

from fmnist.errors import RecipeError
from fmnist.runs import SETTINGS, Recipe
from fmnist.runs.setting import Choices, Range, Value

Space = Mapping[str, Range | Choices]
"""Names of settings and the values that a sweep tries."""


def list_sweepable() -> dict[str, Range | Choices]:
    """Return the settings that a sweep may vary, each with its default range or choices."""
    return {name: setting.sweep for name, setting in SETTINGS.items() if setting.sweep is not None}


DEFAULT_SETTINGS: Final = ("learning_rate", "dropout")
"""What a new sweep varies by default: a dozen trials can't separate more settings."""


def round_value(value: Value) -> Value:
    """Return a number rounded to three significant digits, so that a recipe stays readable."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.3g}")
    return value


def build_varied(recipe: Recipe, settings: Mapping[str, Value]) -> Recipe:
    """Return a recipe with these settings replaced.

    Raises:
        RecipeError: a value is not allowed.
    """
    chosen: dict[str, Any] = {name: round_value(value) for name, value in settings.items()}
    return dataclasses.replace(recipe, **chosen)


def check_space(space: Space, recipe: Recipe) -> None:
    """Check that each setting can be varied as specified.

    Raises:
        RecipeError: nothing is varied, a setting can't be varied, a range is empty, or a value is
            not allowed; the message names it.
    """
    if not space:
        raise RecipeError(
            "A sweep varies at least one setting. Select the learning rate, for example."
        )
    sweepable = list_sweepable()
    for name, values in space.items():
        if name not in sweepable:
            raise RecipeError(
                f"{name} can't be varied by a sweep. Choose from: {', '.join(sweepable)}."
            )
        if isinstance(values, Range):
            if not values.low < values.high:
                raise RecipeError(
                    f"{name} goes from {values.low:g} to {values.high:g}: the range is empty. "
                    "Set a lower start or a higher end."
                )
            ends: tuple[Value, ...] = (values.low, values.high)
        else:
            if len(set(values.values)) < 2:
                raise RecipeError(f"{name} has fewer than two choices. Select two or more.")
            ends = values.values
        for end in ends:
            build_varied(recipe, {name: end})  # raises if the recipe does not allow it


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
