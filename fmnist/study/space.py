"""The search space of a sweep: ranges and choices of settings."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fmnist.errors import RecipeError
from fmnist.networks import WITH_ARCHITECTURE, find_architecture
from fmnist.runs import SETTINGS, Recipe
from fmnist.runs.architecture import parse_architecture, write_architecture
from fmnist.runs.architecture_settings import (
    ARCHITECTURE_SETTINGS,
    read_architecture_settings,
    vary_architecture,
)
from fmnist.runs.recipe import CUSTOM
from fmnist.runs.setting import Choices, Range, Value

Space = Mapping[str, Range | Choices]
"""The values that a sweep tries, by setting name."""


def list_sweepable(network: str | None = None) -> dict[str, Range | Choices]:
    """Return the settings that a sweep may vary, each with its default range or choices.

    Args:
        network: the network whose settings are returned, including those of its architecture if
            that is a list of layers; None for all settings.
    """
    settings = SETTINGS
    if network is None or network in WITH_ARCHITECTURE:
        settings = SETTINGS | ARCHITECTURE_SETTINGS
    return {name: setting.sweep for name, setting in settings.items() if setting.sweep is not None}


DEFAULT_SETTINGS: Final = ("learning_rate", "dropout")
"""The settings that a new sweep varies by default; a dozen trials can't distinguish more."""


def round_value(value: Value) -> Value:
    """Round a number to three significant digits, to keep recipes readable."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.3g}")
    return value


def build_varied(recipe: Recipe, settings: Mapping[str, Value]) -> Recipe:
    """Return a recipe with these settings replaced, including those of its architecture.

    Raises:
        RecipeError: a value is not allowed, or no network has these settings.
    """
    chosen: dict[str, Any] = {name: round_value(value) for name, value in settings.items()}
    of_layers = {name: chosen.pop(name) for name in settings if name in ARCHITECTURE_SETTINGS}
    if of_layers:
        layers = parse_architecture(find_architecture(recipe))
        varied = vary_architecture(layers, of_layers)
        chosen |= {"network": CUSTOM, "architecture": write_architecture(varied)}
    return dataclasses.replace(recipe, **chosen)


def read_settings(recipe: Recipe, space: Space) -> dict[str, Value]:
    """Return the recipe's own values for the settings of a space, omitting values outside it."""
    known: dict[str, Value] = {name: getattr(recipe, name) for name in space if name in SETTINGS}
    if any(name in ARCHITECTURE_SETTINGS for name in space):
        known |= read_architecture_settings(parse_architecture(find_architecture(recipe)))
    return {
        name: known[name]
        for name, values in space.items()
        if name in known and values.contains(known[name])
    }


def list_architectures(space: Space) -> Iterator[dict[str, Value]]:
    """Yield each combination of a space's architecture settings, including invalid ones.

    A space without such settings has a single, empty combination.
    """
    varied = {
        name: values.values
        for name, values in space.items()
        if name in ARCHITECTURE_SETTINGS and isinstance(values, Choices)
    }
    for combination in itertools.product(*varied.values()):
        yield dict(zip(varied, combination, strict=True))


def check_space(space: Space, recipe: Recipe) -> None:
    """Check that each setting can be varied as specified.

    Raises:
        RecipeError: nothing is varied, a setting can't be varied, a range is empty, a value is not
            allowed, or no architecture of the space is possible; the message names it.
    """
    if not space:
        raise RecipeError(
            "A sweep varies at least one setting. Select the learning rate, for example."
        )
    sweepable = list_sweepable(recipe.network)
    for name, values in space.items():
        if name not in sweepable:
            raise RecipeError(
                f"{name} can't be varied by a sweep of {recipe.network}. Choose from: "
                f"{', '.join(sweepable)}."
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
            if name in ARCHITECTURE_SETTINGS:
                ARCHITECTURE_SETTINGS[name].check(end)
            else:
                build_varied(recipe, {name: end})  # raises if the recipe does not allow it
    _check_architectures(space, recipe)


def _check_architectures(space: Space, recipe: Recipe) -> None:
    if not any(name in ARCHITECTURE_SETTINGS for name in space):
        return
    own = read_architecture_settings(parse_architecture(find_architecture(recipe)))
    if not own["conv_blocks"] and "conv_blocks" not in space:
        raise RecipeError(f"{recipe.network} has no convolutions to vary. Also vary conv_blocks.")
    problem: RecipeError | None = None
    for settings in list_architectures(space):
        try:
            build_varied(recipe, settings)
        except RecipeError as error:
            problem = problem or error
        else:
            return
    raise RecipeError(f"None of these architectures is possible. The first one: {problem}")


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
