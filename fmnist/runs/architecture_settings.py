"""The settings of an architecture that a study may vary: depth, filters, kernel size and pooling.

A *block* is a convolution or residual block with the layers that follow it, up to the next one or
to the layer that turns the maps into a vector. The layers after the blocks are never varied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

from msgspec.structs import asdict, replace

from fmnist.errors import RecipeError
from fmnist.runs.architecture import (
    Activation,
    Architecture,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    ResidualBlock,
)
from fmnist.runs.layer_costs import compute_costs
from fmnist.runs.setting import Choices, Setting, Value

ARCHITECTURE_SETTINGS: Final[dict[str, Setting]] = {
    setting.name: setting
    for setting in (
        Setting(
            name="conv_blocks", default=0, label="Convolution blocks", section="run", widget="own",
            low=1, high=8, format="%d", sweep=Choices((1, 2, 3, 4, 5)),
            help="Depth: convolutions, each with its normalisation and activation. Further ones "
            "than the architecture has repeat the last.",
        ),
        Setting(
            name="filters", default=0, label="Filters", section="run", widget="own",
            low=1, high=256, format="%d", sweep=Choices((16, 32, 64)),
            help="Filters of the first convolution; the others keep their ratio to it.",
        ),
        Setting(
            name="kernel_size", default=0, label="Kernel size", section="run", widget="own",
            low=2, high=11, format="%d", sweep=Choices((3, 5)),
            help="Side of the window of all convolutions, but of 1×1 ones and those of residual "
            "blocks.",
        ),
        Setting(
            name="pooling", default="", label="Pooling", section="run", widget="own",
            choices={
                "none": "None",
                "max_each": "Maximum, each block",
                "max_second": "Maximum, every second block",
                "average_each": "Average, each block",
                "average_second": "Average, every second block",
            },
            sweep=Choices(
                ("none", "max_each", "max_second", "average_each", "average_second")
            ),
            help="What halves the maps, and after which convolutions; every second block begins "
            "with the first.",
        ),
    )
}  # fmt: skip
"""By name, like ``SETTINGS``; they aren't fields of a recipe, since its architecture holds them."""

_NEW_BLOCK: Final = (Conv2D(filters=32, use_bias=False), BatchNormalization(), Activation())
"""For an architecture without convolutions."""

_POOLINGS: Final = (MaxPooling2D, AveragePooling2D)
_KINDS: Final[dict[str, type[MaxPooling2D] | type[AveragePooling2D]]] = {
    "max": MaxPooling2D,
    "average": AveragePooling2D,
}

Block = tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """An architecture: the layers before its blocks, the blocks, and the layers after them."""

    before: Block
    blocks: tuple[Block, ...]
    after: Block


def read_architecture_settings(layers: Architecture) -> dict[str, Value]:
    """Return the settings of an architecture, without those for which it has several values."""
    blocks = _split(layers).blocks
    settings: dict[str, Value] = {"conv_blocks": len(blocks)}
    if not blocks:
        return settings
    settings["filters"] = _get_filters(blocks[0])
    if len(sizes := {layer.kernel_size for layer in layers if _has_kernel(layer)}) == 1:
        settings["kernel_size"] = sizes.pop()
    choices = ARCHITECTURE_SETTINGS["pooling"].choices
    like = [choice for choice in choices if _pool(blocks, choice) == blocks]
    return settings | ({"pooling": like[0]} if like else {})


def vary_architecture(layers: Architecture, settings: Mapping[str, Value]) -> Architecture:
    """Return an architecture with other settings; its own values change nothing.

    Args:
        layers: the architecture to begin with.
        settings: names of ``ARCHITECTURE_SETTINGS`` and values.

    Raises:
        RecipeError: a value is not allowed, or no network has these settings: one that would pool
            single pixels, or that ``compute_costs`` refuses.
    """
    for name, value in settings.items():
        ARCHITECTURE_SETTINGS[name].check(value)
    parts = _split(layers)
    blocks = parts.blocks
    if "conv_blocks" in settings:
        blocks = _resize(blocks, int(settings["conv_blocks"]))
    if "filters" in settings and blocks:
        blocks = _scale(blocks, int(settings["filters"]) / _get_filters(blocks[0]))
    if "kernel_size" in settings:
        size = int(settings["kernel_size"])
        blocks = tuple(
            tuple(replace(la, kernel_size=size) if _has_kernel(la) else la for la in block)
            for block in blocks
        )
    if "pooling" in settings:
        blocks = _pool(blocks, str(settings["pooling"]))
    varied = (*parts.before, *(layer for block in blocks for layer in block), *parts.after)
    _check_pooling(varied)
    return varied


def _split(layers: Architecture) -> _Parts:
    ends = (i for i, la in enumerate(layers) if isinstance(la, Flatten | GlobalAveragePooling2D))
    end = next(ends, 0)
    starts = [i for i, layer in enumerate(layers[:end]) if _is_convolution(layer)]
    blocks = tuple(layers[i:j] for i, j in zip(starts, [*starts[1:], end], strict=False))
    return _Parts(layers[: starts[0] if starts else end], blocks, layers[end:])


def _is_convolution(layer: Layer) -> bool:
    return isinstance(layer, Conv2D | ResidualBlock)


def _has_kernel(layer: Layer) -> TypeGuard[Conv2D]:
    return isinstance(layer, Conv2D) and layer.kernel_size > 1


def _get_filters(block: Block) -> int:
    first = block[0]
    assert isinstance(first, Conv2D | ResidualBlock)
    return first.filters


def _resize(blocks: Sequence[Block], count: int) -> tuple[Block, ...]:
    last = _without_pooling(blocks[-1]) if blocks else _NEW_BLOCK
    return (*blocks[:count], *[last] * (count - len(blocks)))


def _scale(blocks: Sequence[Block], factor: float) -> tuple[Block, ...]:
    return tuple(
        (replace(block[0], filters=max(1, round(_get_filters(block) * factor))), *block[1:])
        for block in blocks
    )


def _pool(blocks: Sequence[Block], choice: str) -> tuple[Block, ...]:
    """Pool after the chosen convolutions only.

    The window and its place in the block are those of the first existing pooling; otherwise 2×2
    right after the convolution, so that normalisation and activation have less work.
    """
    own = [(i, la) for block in blocks for i, la in enumerate(block) if isinstance(la, _POOLINGS)]
    place, window = own[0] if own else (1, MaxPooling2D())
    kind, _, where = choice.partition("_")
    pooled = []
    for number, block in enumerate(blocks):
        plain = _without_pooling(block)
        if where == "each" or (where == "second" and number % 2 == 0):
            plain = (*plain[:place], _KINDS[kind](**asdict(window)), *plain[place:])
        pooled.append(plain)
    return tuple(pooled)


def _without_pooling(block: Block) -> Block:
    return tuple(
        replace(layer, strides=1) if _is_convolution(layer) else layer
        for layer in block
        if not isinstance(layer, _POOLINGS)
    )


def _check_pooling(layers: Architecture) -> None:
    costs = compute_costs(layers)
    for number, layer in enumerate(layers[1:], start=2):
        shape = costs[number - 2].shape
        if isinstance(layer, _POOLINGS) and shape[0] == 1:
            raise RecipeError(
                f"Layer {number} of the architecture ({type(layer).__name__}) pools maps of 1×1 "
                "pixel. Use fewer blocks, or pool after every second one."
            )
