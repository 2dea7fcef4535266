from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS
from fmnist.runs import SETTINGS, Recipe, RunState
from fmnist.study import (
    DEFAULT_SETTINGS,
    REPEAT,
    SWEEP,
    Choices,
    Range,
    StudyPlan,
    StudyState,
    list_sweepable,
)
from fmnist.study.space import round_value
from fmnist.study.state import decide_repeat_state, decide_sweep_state
from tests.support.studies import RECIPE, SPACE


def test_everything_offered_can_be_swept_from_every_network() -> None:
    of_every_network = {
        "learning_rate", "dropout", "batch_size", "augmentation", "optimizer", "width",
    }  # fmt: skip
    of_layers = {"conv_blocks", "filters", "kernel_size", "pooling"}
    assert set(list_sweepable()) == of_every_network | of_layers
    assert set(list_sweepable("compact")) == of_every_network
    assert set(list_sweepable("cnn")) == of_every_network | of_layers
    assert set(DEFAULT_SETTINGS) <= of_every_network
    assert list_sweepable()["augmentation"] == Choices(tuple(SETTINGS["augmentation"].choices))
    for info in NETWORKS.values():
        StudyPlan(SWEEP, info.recipe, space=list_sweepable(info.name))


def test_plan_survives_json() -> None:
    plan = StudyPlan(SWEEP, RECIPE, 7, 3.5, list_sweepable(), pruning=False, seed=4)
    assert StudyPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    repeat = StudyPlan(REPEAT, RECIPE, trials=3)
    assert StudyPlan.from_dict(json.loads(json.dumps(repeat.to_dict()))) == repeat


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "guess"}, "kind is 'guess'"),
        ({"trials": 0}, "trials is 0; it must be a whole number from 1 to 500"),
        ({"trials": 2.5}, "trials is 2.5"),
        ({"minutes": -1}, "minutes is -1"),
        ({"recipe": replace(RECIPE, validation_share=0.0)}, "validation_share is 0; a sweep"),
        ({"space": {}}, "at least one setting"),
        ({"space": {"seed": Range(0, 9)}}, "seed can't be varied"),
        ({"space": {"dropout": Range(0.5, 0.5)}}, "dropout goes from 0.5 to 0.5"),
        ({"space": {"dropout": Range(0.0, 0.95)}}, "dropout is 0.95"),
        ({"space": {"batch_size": Choices((64,))}}, "batch_size has fewer than two choices"),
        ({"space": {"augmentation": Choices(("none", "melt"))}}, "augmentation is 'melt'"),
        ({"space": {"pooling": Choices(("none", "sum"))}}, "pooling is 'sum'"),
        ({"space": {"filters": Choices((8, 16))}}, "baseline has no convolutions to vary"),
        (
            {"recipe": Recipe("compact"), "space": {"kernel_size": Choices((3, 5))}},
            "kernel_size can't be varied by a sweep of compact",
        ),
        (
            {
                "space": {
                    "conv_blocks": Choices((7, 8)),
                    "pooling": Choices(("max_each", "average_each")),
                }
            },
            "None of these architectures is possible. The first one: .* pools maps of 1×1",
        ),
    ],
)
def test_bad_plans_are_refused_in_words(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        replace(StudyPlan(SWEEP, RECIPE, space=SPACE), **changes)


def test_repeat_needs_two_seeds_and_counts_them_up() -> None:
    with pytest.raises(RecipeError, match="seeds is 1; it must be a whole number from 2 to 50"):
        StudyPlan(REPEAT, RECIPE, trials=1)
    assert StudyPlan(REPEAT, replace(RECIPE, seed=5), trials=3).list_seeds() == [5, 6, 7]


def test_damaged_plan_is_named() -> None:
    values = StudyPlan(SWEEP, RECIPE, space=SPACE).to_dict()
    with pytest.raises(RecipeError, match="plan of a study can't be used: KeyError"):
        StudyPlan.from_dict({"kind": SWEEP})
    with pytest.raises(RecipeError, match="plan of a study can't be used: TypeError"):
        StudyPlan.from_dict(values | {"colour": "red"})


def test_trial_has_the_recipe_with_rounded_settings() -> None:
    plan = StudyPlan(SWEEP, RECIPE, space=SPACE)
    recipe = plan.build_recipe({"learning_rate": 0.00123456, "dropout": 0.1 + 0.2})
    assert recipe == replace(RECIPE, learning_rate=0.00123, dropout=0.3)
    assert round_value("flip") == "flip"
    assert round_value(12_345) == 12_345


@pytest.mark.parametrize(
    ("outcome", "has_stop", "alive", "state"),
    [
        (None, False, False, StudyState.STARTING),
        (None, False, True, StudyState.RUNNING),
        (None, True, True, StudyState.STOPPING),
        (None, True, False, StudyState.STOPPED),
        ("finished", True, True, StudyState.FINISHED),
        ("failed", False, False, StudyState.FAILED),
    ],
)
def test_state_of_a_sweep(
    outcome: str | None, has_stop: bool, alive: bool, state: StudyState
) -> None:
    assert decide_sweep_state(outcome=outcome, has_stop=has_stop, alive=alive) is state


@pytest.mark.parametrize(
    ("runs", "queued", "has_stop", "state"),
    [
        ("", False, False, StudyState.STARTING),
        ("queued", False, False, StudyState.RUNNING),
        ("finished", False, False, StudyState.STARTING),
        ("finished queued", True, False, StudyState.RUNNING),
        ("finished running", True, True, StudyState.STOPPING),
        ("finished stopped", True, True, StudyState.STOPPED),
        ("finished finished", True, False, StudyState.FINISHED),
        ("finished failed", True, False, StudyState.FAILED),
        ("finished lost", True, True, StudyState.FAILED),
        ("", True, False, StudyState.STOPPED),
    ],
)
def test_state_of_a_repeat(runs: str, queued: bool, has_stop: bool, state: StudyState) -> None:
    states = [RunState(name) for name in runs.split()]
    assert decide_repeat_state(states, queued=queued, has_stop=has_stop) is state
