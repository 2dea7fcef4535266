"""Checks, edits and compares the layers of your own network."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec
from msgspec import structs

from fmnist.classes import IMAGE_SHAPE
from fmnist.errors import RecipeError
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    MAX_LAYERS,
    Activation,
    Architecture,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    ResidualBlock,
    write_architecture,
)
from fmnist.runs.layer_costs import LayerCost, compute_cost, compute_costs

NEW_LAYERS: Final[dict[str, Layer]] = {
    type(layer).__name__: layer
    for layer in (
        Conv2D(filters=32, activation="relu"),
        MaxPooling2D(),
        AveragePooling2D(),
        ResidualBlock(filters=64),
        BatchNormalization(),
        Activation(),
        Dropout(),
        Flatten(),
        GlobalAveragePooling2D(),
        Dense(units=128, activation="relu"),
    )
}
"""A layer of each kind as it is added, by the name of the kind."""

_NUMBER: Final = re.compile(r"Layer (\d+) ")


@dataclass(frozen=True, slots=True)
class Check:
    """The shapes and costs of an architecture, and its first problem.

    Attributes:
        costs: the costs of each layer, in order; None from the first invalid layer on.
        problem: the first problem, with its remedy; empty if the architecture is valid.
        layer: index of the layer with the problem; None if no single layer is at fault.
    """

    costs: tuple[LayerCost | None, ...]
    problem: str = ""
    layer: int | None = None

    @property
    def parameters(self) -> int:
        """Number of parameters of the valid layers."""
        return sum(cost.parameters for cost in self.costs if cost)

    @property
    def multiplications(self) -> int:
        """Number of multiplications of the valid layers for one image."""
        return sum(cost.multiplications for cost in self.costs if cost)


def check_architecture(layers: Architecture) -> Check:
    """Compute the costs of each layer up to the first problem, and describe it."""
    try:
        return Check(tuple(compute_costs(layers)))
    except RecipeError as error:
        found = _NUMBER.search(str(error))
        layer = int(found[1]) - 1 if found else None
        return Check(_compute_as_far(layers), str(error), layer)


def _compute_as_far(layers: Architecture) -> tuple[LayerCost | None, ...]:
    costs: list[LayerCost] = []
    before = LayerCost((*IMAGE_SHAPE, 1))
    try:
        for layer in layers:
            before = compute_cost(layer, before)
            costs.append(before)
    except RecipeError:
        pass
    return (*costs, *[None] * (len(layers) - len(costs)))


def insert_layer(layers: Architecture, layer: Layer, after: int) -> Architecture:
    """Insert a layer after the one at a position.

    Raises:
        RecipeError: there already are ``MAX_LAYERS``.
    """
    if len(layers) >= MAX_LAYERS:
        raise RecipeError(f"A network has at most {MAX_LAYERS} layers. Remove one before.")
    return (*layers[: after + 1], layer, *layers[after + 1 :])


def remove_layer(layers: Architecture, at: int) -> Architecture:
    """Remove a layer unless it is the last one."""
    return layers if len(layers) == 1 else (*layers[:at], *layers[at + 1 :])


def move_layer(layers: Architecture, at: int, by: Literal[-1, 1]) -> Architecture:
    """Swap a layer with its neighbour, if there is one."""
    other = at + by
    if not 0 <= other < len(layers):
        return layers
    moved = list(layers)
    moved[at], moved[other] = moved[other], moved[at]
    return tuple(moved)


def replace_layer(layers: Architecture, at: int, layer: Layer) -> Architecture:
    """Replace a layer."""
    return (*layers[:at], layer, *layers[at + 1 :])


def build_recipe(base: Recipe, layers: Architecture) -> Recipe:
    """Return a recipe of the network ``custom`` with other layers.

    Raises: RecipeError: the layers don't form a valid network.
    """
    return replace(base, architecture=write_architecture(layers))


def format_design(layers: Architecture) -> str:
    """Return an architecture as JSON for a file, one layer per line."""
    lines = ",\n  ".join(msgspec.json.encode(layer).decode() for layer in layers)
    return f"[\n  {lines}\n]\n"


def describe_layer(layer: Layer) -> str:
    """Return a layer in one line, without defaults: ``Conv2D, filters 32, kernel_size 3``."""
    defaults = {field.name: field.default for field in structs.fields(layer)}
    words = [
        f"{name} {value}"
        for name, value in structs.asdict(layer).items()
        if value != defaults[name] or name in {"kernel_size", "pool_size"}
    ]
    return ", ".join([type(layer).__name__, *words])


def compare_architectures(one: Architecture, other: Architecture) -> list[tuple[str, str]]:
    """List the layers of two architectures side by side.

    Returns:
        Pairs of lines, in order: an equal layer, a changed one, or one next to an empty line if the
        other has none.
    """
    lines, others = [describe_layer(x) for x in one], [describe_layer(x) for x in other]
    rows: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, lines, others, autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        left, right = lines[start:end], others[other_start:other_end]
        length = max(len(left), len(right))
        left += [""] * (length - len(left))
        right += [""] * (length - len(right))
        rows += zip(left, right, strict=True)
    return rows
