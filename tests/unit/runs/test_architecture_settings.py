"""Depth, filters, kernel size and pooling of an architecture, read and varied."""

from __future__ import annotations

import pytest

from fmnist.errors import RecipeError
from fmnist.networks import STARTING_POINTS
from fmnist.runs.architecture import (
    Activation,
    Architecture,
    AveragePooling2D,
    BatchNormalization,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ResidualBlock,
    parse_architecture,
)
from fmnist.runs.architecture_settings import read_architecture_settings, vary_architecture
from fmnist.runs.layer_costs import compute_costs

LAST = Dense(units=10, activation="softmax")
CNN = parse_architecture((STARTING_POINTS / "cnn.json").read_bytes())
BASELINE = parse_architecture((STARTING_POINTS / "baseline.json").read_bytes())
OF_CNN = {"conv_blocks": 3, "filters": 32, "kernel_size": 3, "pooling": "max_second"}
RESIDUAL = (
    Conv2D(filters=16),
    ResidualBlock(filters=16),
    ResidualBlock(filters=32, strides=2),
    GlobalAveragePooling2D(),
    LAST,
)


def list_shapes(layers: Architecture) -> list[tuple[int, ...]]:
    """Return the shapes of what the convolutions and residual blocks return."""
    costs = compute_costs(layers)
    return [
        cost.shape
        for layer, cost in zip(layers, costs, strict=True)
        if isinstance(layer, Conv2D | ResidualBlock)
    ]


def test_settings_of_an_architecture_are_read() -> None:
    assert read_architecture_settings(CNN) == OF_CNN
    assert read_architecture_settings(BASELINE) == {"conv_blocks": 0}
    # It has no pooling setting, because a stride halves its maps.
    assert read_architecture_settings(RESIDUAL) == {
        "conv_blocks": 3, "filters": 16, "kernel_size": 3,
    }  # fmt: skip
    mixed = (Conv2D(filters=4, kernel_size=5), Conv2D(filters=8), Flatten(), LAST)
    assert "kernel_size" not in read_architecture_settings(mixed)
    assert read_architecture_settings(mixed)["pooling"] == "none"


@pytest.mark.parametrize("layers", [CNN, RESIDUAL, BASELINE], ids=["cnn", "residual", "baseline"])
def test_its_own_settings_change_nothing(layers: Architecture) -> None:
    own = read_architecture_settings(layers)
    if own["conv_blocks"]:
        assert vary_architecture(layers, own) == layers


def test_depth_takes_the_first_blocks_or_repeats_the_last() -> None:
    assert list_shapes(vary_architecture(CNN, {"conv_blocks": 1})) == [(28, 28, 32)]
    deep = vary_architecture(CNN, {"conv_blocks": 5})
    assert list_shapes(deep) == [
        (28, 28, 32), (14, 14, 64), (14, 14, 128), (7, 7, 128), (7, 7, 128),
    ]  # fmt: skip
    assert deep[-7:] == CNN[-7:], "the dense layers stay"
    assert sum(isinstance(layer, BatchNormalization) for layer in deep) == 5


def test_filters_keep_their_ratio() -> None:
    assert [shape[-1] for shape in list_shapes(vary_architecture(CNN, {"filters": 8}))] == [
        8, 16, 32,
    ]  # fmt: skip
    assert [shape[-1] for shape in list_shapes(vary_architecture(RESIDUAL, {"filters": 24}))] == [
        24, 24, 48,
    ]  # fmt: skip


def test_kernel_size_is_that_of_the_convolutions_but_of_single_pixels() -> None:
    layers = (Conv2D(filters=4), Conv2D(filters=8, kernel_size=1), Flatten(), LAST)
    varied = vary_architecture(layers, {"kernel_size": 7})
    assert varied[:2] == (Conv2D(filters=4, kernel_size=7), layers[1])


def test_pooling_is_where_and_as_documented() -> None:
    average = vary_architecture(CNN, {"pooling": "average_each"})
    window = AveragePooling2D(pool_size=3, strides=2)  # the window of the cnn's own pooling
    assert [i for i, layer in enumerate(average) if layer == window] == [1, 5, 9]
    assert list_shapes(vary_architecture(CNN, {"pooling": "none"})) == [
        (28, 28, 32), (28, 28, 64), (28, 28, 128),
    ]  # fmt: skip
    # Without strides, so that the pooling alone decides.
    second = vary_architecture(RESIDUAL, {"pooling": "max_second"})
    assert second[:5] == (
        Conv2D(filters=16), MaxPooling2D(), ResidualBlock(filters=16), ResidualBlock(filters=32),
        MaxPooling2D(),
    )  # fmt: skip


def test_dense_network_gets_convolutions() -> None:
    varied = vary_architecture(BASELINE, {"conv_blocks": 2, "filters": 8, "pooling": "max_each"})
    assert list_shapes(varied) == [(28, 28, 8), (14, 14, 8)]
    assert varied[:4] == (
        Conv2D(filters=8, use_bias=False), MaxPooling2D(), BatchNormalization(), Activation(),
    )  # fmt: skip
    assert varied[8:] == BASELINE


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"conv_blocks": 6, "pooling": "max_each"}, r"pools maps of 1×1 pixel\. Use fewer blocks"),
        ({"filters": 64, "pooling": "none"}, r"parameters; 20,000,000 are allowed"),
        ({"conv_blocks": 9}, "conv_blocks is 9; it must be a whole number from 1 to 8"),
        ({"pooling": "sum"}, "pooling is 'sum'; it must be one of none, max_each"),
    ],
)
def test_what_no_network_can_have_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        vary_architecture(CNN, settings)
