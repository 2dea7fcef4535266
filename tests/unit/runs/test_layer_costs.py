"""Shapes, parameters, multiplications and receptive fields, worked out by hand."""

from __future__ import annotations

import pytest

from fmnist.networks import STARTING_POINTS
from fmnist.runs.architecture import (
    AveragePooling2D,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ResidualBlock,
    parse_architecture,
)
from fmnist.runs.layer_costs import LayerCost, compute_costs

LAST = Dense(units=10, activation="softmax")


@pytest.mark.parametrize(("name", "parameters"), [("cnn", 1_170_130), ("baseline", 538_122)])
def test_starting_points_have_the_parameters_of_the_networks(name: str, parameters: int) -> None:
    costs = compute_costs(parse_architecture((STARTING_POINTS / f"{name}.json").read_bytes()))
    assert sum(cost.parameters for cost in costs) == parameters


def test_a_small_network_by_hand() -> None:
    layers = (
        Conv2D(filters=4, kernel_size=5, padding="valid"),
        MaxPooling2D(),
        Conv2D(filters=8, strides=2, use_bias=False),
        Flatten(),
        LAST,
    )
    assert compute_costs(layers) == [
        LayerCost((24, 24, 4), 104, 57_600, receptive_field=5, jump=1),
        LayerCost((12, 12, 4), 0, 0, receptive_field=6, jump=2),
        LayerCost((6, 6, 8), 288, 10_368, receptive_field=10, jump=4),
        LayerCost((288,), receptive_field=28),
        LayerCost((10,), 2_890, 2_880, receptive_field=28),
    ]


def test_receptive_field_ends_at_the_image() -> None:
    layers = (*(Conv2D(filters=1, kernel_size=7) for _ in range(6)), Flatten(), LAST)
    fields = [cost.receptive_field for cost in compute_costs(layers)]
    assert fields == [7, 13, 19, 25, 28, 28, 28, 28]


def test_odd_maps_are_rounded_as_keras_does() -> None:
    layers = (
        AveragePooling2D(pool_size=2, padding="valid"),  # 28 → 14
        AveragePooling2D(pool_size=2),  # 14 → 7
        AveragePooling2D(pool_size=2),  # 7 → 4, padded
        AveragePooling2D(pool_size=3, padding="valid"),  # 4 → 1
        GlobalAveragePooling2D(),
        LAST,
    )
    assert [cost.shape[0] for cost in compute_costs(layers)] == [14, 7, 4, 1, 1, 10]


def test_residual_block_adds_its_shortcut_where_the_channels_change() -> None:
    same, other = (
        compute_costs(
            (Conv2D(filters=16), ResidualBlock(filters=count), GlobalAveragePooling2D(), LAST)
        )[1]
        for count in (16, 32)
    )
    # Two convolutions and their normalisations, then the gate's two dense layers.
    assert same.parameters == 2 * (9 * 16 * 16 + 64) + (16 * 8 + 8) + (8 * 16 + 16)
    assert other.parameters == (
        9 * 16 * 32 + 9 * 32 * 32 + 2 * 128 + (32 * 8 + 8) + (8 * 32 + 32) + 16 * 32 + 128
    )
    assert same.receptive_field == 7
