from __future__ import annotations

import json
import math

import pytest

from fmnist.errors import RecipeError
from fmnist.runs import Recipe
from fmnist.runs.classical import CLASSICAL, has_setting
from fmnist.runs.settings_spec import SETTINGS

RANGES = {s.name: (s.low, s.high) for s in SETTINGS.values() if s.low is not None}
CHOICES = {s.name: s.choices for s in SETTINGS.values() if s.choices}
WHOLE = {
    "epochs", "batch_size", "early_stopping", "seed", "neighbours", "trees", "leaf_size",
    "averaging_steps", "validation_fold",
}  # fmt: skip


@pytest.mark.parametrize("name", RANGES)
def test_both_ends_of_a_range_are_accepted(name: str) -> None:
    network = next(each for each in ("cnn", *CLASSICAL) if has_setting(each, name))
    for value in RANGES[name]:
        assert getattr(Recipe(network, **{name: value}), name) == value


@pytest.mark.parametrize("name", RANGES)
def test_value_outside_its_range_is_refused_by_name_value_and_range(name: str) -> None:
    low, high = RANGES[name]
    below = low - 1 if name in WHOLE else low - 1e-7
    above = high + 1 if name in WHOLE else high + 1e-3
    for value in (below, above, -math.inf, math.inf):
        with pytest.raises(RecipeError) as caught:
            Recipe("cnn", **{name: value})
        message = str(caught.value)
        assert message.startswith(f"{name} is {value!r}; it must be")
        assert f"from {low:,} to {high:,}" in message


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("value", [math.nan, True, False, "3", None, [3]])
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(RecipeError, match=f"^{name} is "):
        Recipe("cnn", **{name: value})


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_fraction_is_refused_where_a_whole_number_is_wanted(name: str) -> None:
    with pytest.raises(RecipeError, match="a whole number"):
        Recipe("cnn", **{name: 9.5})


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["", "NONE", None, 1, True, ["none"]])
def test_choice_that_is_none_of_them_is_refused(name: str, value: object) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe("cnn", **{name: value})
    assert (
        str(caught.value) == f"{name} is {value!r}; it must be one of {', '.join(CHOICES[name])}."
    )


@pytest.mark.parametrize("value", ["yes", 1, 0, None, "False"])
def test_averaging_is_true_or_false(value: object) -> None:
    with pytest.raises(RecipeError, match="averaging is"):
        Recipe("cnn", averaging=value)


@pytest.mark.parametrize("name", ["", "CNN", "../cnn", "os.path", "a b", None, 7, "a" * 41])
def test_what_can_be_no_network_is_refused(name: object) -> None:
    with pytest.raises(RecipeError, match="network is"):
        Recipe(name)


def test_early_stopping_needs_validation_images() -> None:
    Recipe("cnn", validation_share=0.0)
    with pytest.raises(RecipeError, match=r"early_stopping is 3 and.*Set early_stopping to 0, or"):
        Recipe("cnn", validation_share=0.0, early_stopping=3)


def test_recipe_goes_to_json_and_back() -> None:
    recipe = Recipe(
        "baseline", epochs=3, batch_size=64, learning_rate=0.1 + 0.2, weight_decay=0.0, dropout=0.1,
        label_smoothing=0.05, augmentation="flip", schedule="constant", averaging=False,
        early_stopping=2, seed=2**31 - 1, train_share=0.25, validation_share=0.2,
    )  # fmt: skip
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_setting_left_out_has_its_default() -> None:
    assert Recipe.from_dict({"network": "cnn"}) == Recipe("cnn")


def test_unknown_setting_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(RecipeError, match=r"unknown settings: colour, epoch.*Known are .*epochs"):
        Recipe.from_dict({"network": "cnn", "epoch": 3, "colour": "red"})


def test_recipe_without_network_is_refused() -> None:
    with pytest.raises(RecipeError, match="names no network"):
        Recipe.from_dict({"epochs": 3})
