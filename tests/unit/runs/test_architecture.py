"""Layers are read from JSON, and what does not fit is refused with layer and remedy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fmnist.errors import RecipeError
from fmnist.runs import Recipe
from fmnist.runs.architecture import (
    Conv2D,
    Dense,
    Dropout,
    parse_architecture,
    scale_architecture,
    write_architecture,
)

LAST = {"layer": "Dense", "units": 10, "activation": "softmax"}
FLAT = {"layer": "Flatten"}


def build_recipe(*layers: dict[str, Any], **settings: Any) -> Recipe:
    return Recipe("custom", architecture=json.dumps(layers), **settings)


def test_layers_are_read_with_their_defaults() -> None:
    layers = parse_architecture(json.dumps([{"layer": "Conv2D", "filters": 8}, FLAT, LAST]))
    assert layers[0] == Conv2D(filters=8, kernel_size=3, strides=1, padding="same")
    assert layers[-1] == Dense(units=10, activation="softmax")
    assert parse_architecture(write_architecture(layers)) == layers


def test_width_scales_all_layers_but_the_last() -> None:
    layers = (Conv2D(filters=20), Dropout(), Dense(units=100), Dense(units=10))
    scaled = scale_architecture(layers, 0.5)
    assert scaled == (Conv2D(filters=8), Dropout(), Dense(units=48), Dense(units=10))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a JSON list"),
        ("{}", "not a JSON list"),
        ("[1]", "Layer 1"),
        ("[" * 40_000, "not a JSON list"),
        ("[]", "from 1 to 100"),
        (json.dumps([FLAT] * 101), "has 101 layers"),
        ("[" + " " * 50_000 + "]", "longer than 50,000"),
        ('[{"layer": "Lambda"}]', "Lambda"),
        ('[{"layer": "Flatten"}, {"layer": "Dense"}]', "Layer 2"),
        ('[{"layer": "Dense", "units": 0}]', "units"),
        ('[{"layer": "Dense", "units": 2000000}]', "units"),
        ('[{"layer": "Dense", "units": 1e999}]', "Layer 1"),
        ('[{"layer": "Dropout", "rate": NaN}]', "not a JSON list"),
        ('[{"layer": "Conv2D", "filters": 8, "dilation": 2}]', "dilation"),
    ],
)
def test_what_is_no_architecture_is_refused(text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        parse_architecture(text)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([LAST], r"Layer 1 .*\(Dense\) needs a vector"),
        ([FLAT, {"layer": "Conv2D", "filters": 8}, LAST], r"Layer 2 .*\(Conv2D\) needs maps"),
        ([FLAT, FLAT, LAST], r"Layer 2 .*\(Flatten\) needs maps"),
        ([FLAT], r"Layer 1 .*\(Flatten\) does not return ten probabilities"),
        ([FLAT, {"layer": "Dense", "units": 10}], "Layer 2 .* does not return ten probabilities"),
        ([FLAT, LAST, LAST], "Layer 2 .* softmax, which is for the last"),
        (
            [{"layer": "MaxPooling2D", "pool_size": 14}, {"layer": "MaxPooling2D", "pool_size": 3,
             "padding": "valid"}, FLAT, LAST],
            r"Layer 2 .* window of 3×3, larger than the 2×2 maps",
        ),
        (
            [*[{"layer": "ResidualBlock", "filters": 8}] * 40, FLAT, LAST],
            "40 residual blocks, each of 14 layers and more, and 2 other layers; 300 are allowed",
        ),
        (
            [{"layer": "Conv2D", "filters": 1024}, FLAT, LAST],
            r"Layer 1 .*\(Conv2D\) returns 802,816 numbers",
        ),
        (
            [FLAT, {"layer": "Dense", "units": 4096}, {"layer": "Dense", "units": 4096}, LAST],
            r"20,037,642 parameters; 20,000,000 are allowed. Layer 3 \(Dense\) has the most",
        ),
    ],
)  # fmt: skip
def test_layers_that_do_not_fit_are_refused(layers: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        build_recipe(*layers)


def test_equal_architectures_are_equal_recipes() -> None:
    spaced = Recipe("custom", architecture=json.dumps([FLAT, LAST], indent=3))
    assert spaced == build_recipe(FLAT, LAST)
    assert Recipe.from_dict(spaced.to_dict()) == spaced


def test_architecture_belongs_to_the_network_custom() -> None:
    with pytest.raises(RecipeError, match="architecture is empty"):
        Recipe("custom")
    with pytest.raises(RecipeError, match="architecture lists layers"):
        Recipe("cnn", architecture=json.dumps([FLAT, LAST]))
    with pytest.raises(RecipeError, match="normalisation is off"):
        build_recipe(FLAT, LAST, normalisation=False)


def test_width_counts_in_the_limit_of_parameters() -> None:
    layers = [FLAT, {"layer": "Dense", "units": 2048}, {"layer": "Dense", "units": 2048}, LAST]
    build_recipe(*layers)
    with pytest.raises(RecipeError, match="parameters"):
        build_recipe(*layers, width=4.0)
