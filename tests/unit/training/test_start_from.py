from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import RecipeError, RunError
from fmnist.launching import start_run
from fmnist.runs import Recipe, create_run, list_runs, open_source
from tests.support import in_keras_start_from as start_checks

COMPACT = Recipe("compact", width=0.5)


@pytest.fixture
def source(isolated: Path, in_keras) -> str:
    create_run(COMPACT, run_id="source")
    in_keras(start_checks.save_model, str(isolated), "source")
    return "source"


def take(in_keras, models: Path, recipe: Recipe) -> dict:
    return in_keras(start_checks.take, str(models), recipe.to_dict())


def test_the_same_network_begins_with_all_weights(isolated: Path, source: str, in_keras) -> None:
    result = take(in_keras, isolated, replace(COMPACT, seed=9, start_from=source))
    np.testing.assert_array_equal(result["proba"], result["source"])
    assert np.abs(result["fresh"] - result["source"]).max() > 0.01
    assert result["taken"] == "Started from source: weights of 37 of 37 layers."


def test_a_network_grown_by_blocks_answers_as_the_one_it_grew_from(
    isolated: Path, source: str, in_keras
) -> None:
    grown = Recipe("record", width=0.25, start_from=source)  # as wide, four blocks more
    result = take(in_keras, isolated, grown)
    np.testing.assert_allclose(result["proba"], result["source"], atol=1e-6)
    assert result["taken"] == "Started from source: weights of 37 of 61 layers."


@pytest.mark.parametrize("recipe", [Recipe("baseline"), Recipe("cnn")])
def test_weights_that_fit_nowhere_are_reported(
    isolated: Path, source: str, in_keras, recipe: Recipe
) -> None:
    with pytest.raises(RecipeError, match="No layer of source fits this network"):
        take(in_keras, isolated, replace(recipe, start_from=source))


def test_images_to_validate_on_must_not_have_been_learned(isolated: Path, source: str) -> None:
    recipe = replace(COMPACT, start_from=source, validation_share=0.2)
    with pytest.raises(RecipeError, match=r"some of which that run was trained on.*0\.1"):
        start_run(recipe)
    assert [run.run_id for run in list_runs()] == [source]
    assert open_source(replace(recipe, validation_share=0.02)).run_id == source


@pytest.mark.parametrize(("name", "words"), [("new", "not finished"), ("none", "none")])
def test_only_a_finished_run_is_started_from(
    isolated: Path, in_keras, name: str, words: str
) -> None:
    create_run(COMPACT, run_id="new")
    recipe = replace(COMPACT, start_from=name)
    with pytest.raises(RunError, match=words):
        start_run(recipe)
    assert [run.run_id for run in list_runs()] == ["new"]
    with pytest.raises(RunError, match=words):  # it was deleted, say, while the run was waiting
        take(in_keras, isolated, recipe)


def test_the_name_must_be_text() -> None:
    with pytest.raises(RecipeError, match="start_from is 3; it must be the name of a run"):
        Recipe("cnn", start_from=3)  # type: ignore[arg-type]
