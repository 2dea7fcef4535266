"""Settings of classical models: each has its own, and no other is accepted or written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.errors import RecipeError
from fmnist.networks import CLASSICAL_MODELS, build_command
from fmnist.runs import SETTINGS, Recipe, create_run, open_run
from fmnist.runs.classical import CLASSICAL, has_setting


def test_each_classical_model_is_registered_and_its_settings_exist() -> None:
    assert list(CLASSICAL_MODELS) == list(CLASSICAL)
    for names in CLASSICAL.values():
        assert names <= set(SETTINGS)


@pytest.mark.parametrize(
    ("network", "name", "value"),
    [("random_forest", "epochs", 3), ("cnn", "trees", 7), ("linear_svm", "augmentation", "flip")],
)
def test_setting_that_a_model_lacks_is_refused_by_name(
    network: str, name: str, value: object
) -> None:
    with pytest.raises(RecipeError, match=f"^{name} is {value!r}, but {network} has no such"):
        Recipe(network, **{name: value})


def test_recipe_file_and_command_hold_only_what_the_model_has(isolated: Path) -> None:
    recipe = Recipe("random_forest", trees=7)
    run = create_run(recipe, run_id="forest")
    written = json.loads((run.path / "recipe.json").read_text())
    assert set(written) == {
        "network", "trees", "leaf_size", "seed", "train_share", "validation_share",
        "validation_fold", "edits",
        "created", "owner",
    }  # fmt: skip
    assert open_run("forest").recipe == recipe
    command = build_command(recipe)
    assert command == "python -m fmnist train --network random_forest --seed 0 --trees 7"


@pytest.mark.parametrize("name", ["trees", "neighbours", "inverse_regularisation", "leaf_size"])
def test_a_network_has_no_setting_of_classical_models(name: str) -> None:
    assert not has_setting("cnn", name)
    assert not has_setting("custom", name)
