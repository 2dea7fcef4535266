"""What a sweep proposes, and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fmnist.errors import RecipeError, RunError
from fmnist.networks import find_network
from fmnist.runs import Recipe, open_run
from fmnist.runs.architecture import parse_architecture
from fmnist.runs.architecture_settings import read_architecture_settings
from fmnist.study import SWEEP, Choices, StudyPlan, list_sweepable, proposals
from fmnist.study.journal import load_trials, open_journal
from fmnist.study.proposals import ask_trial, suggest
from fmnist.study.store import create_study
from tests.support.studies import Trainer, make_sweep

pytestmark = pytest.mark.usefixtures("isolated")

CNN = replace(find_network("cnn").recipe, epochs=2)
SPACE = {
    "conv_blocks": Choices((1, 3, 5, 6)),
    "filters": Choices((16, 32)),
    "kernel_size": Choices((3, 5)),
    "pooling": list_sweepable()["pooling"],
}


def test_every_trial_of_architectures_carries_its_own_and_the_recipes_comes_first() -> None:
    study = create_study(StudyPlan(SWEEP, CNN, trials=25, space=SPACE, pruning=False), name="deep")
    Trainer(accuracy=lambda recipe, _: 0.1 + len(recipe.architecture) / 1e4).control(study)
    trials = load_trials(study)
    assert [trial.state for trial in trials] == ["finished"] * 25
    assert trials[0].settings == {
        "conv_blocks": 3, "filters": 32, "kernel_size": 3, "pooling": "max_second",
    }  # fmt: skip
    for trial in trials:
        recipe = open_run(study.name_run(trial.number)).recipe
        assert (recipe.network, recipe.learning_rate) == ("custom", CNN.learning_rate)
        own = read_architecture_settings(parse_architecture(recipe.architecture))
        # With one block, pooling after each or every second block is the same.
        same = {"conv_blocks", "filters", "kernel_size"}
        assert {name: own[name] for name in same} == {name: trial.settings[name] for name in same}
    pooled = [t.settings for t in trials if str(t.settings["pooling"]).endswith("_each")]
    assert pooled, "what is impossible with six blocks is tried with fewer"
    assert all(settings["conv_blocks"] < 6 for settings in pooled)


def test_nothing_is_tried_twice_until_all_was_tried() -> None:
    space = {"batch_size": Choices((32, 64)), "augmentation": Choices(("none", "flip", "outside"))}
    study = make_sweep("all", trials=8, space=space, pruning=False)
    Trainer().control(study)
    tried = [tuple(trial.settings.values()) for trial in load_trials(study)]
    assert len(tried) == 8
    assert len(set(tried[:6])) == 6


def test_proposal_of_a_controller_that_was_killed_is_taken_up() -> None:
    study = make_sweep("taken", trials=3)
    journal = open_journal(study, create=True)
    assert journal is not None
    for learning_rate in (1e-3, 2e-3):
        journal.enqueue_trial({"learning_rate": learning_rate, "dropout": 0.1, "batch_size": 64})
        trial = ask_trial(journal, study.plan)
        assert suggest(trial, study.plan)["learning_rate"] == learning_rate
        journal.tell(trial, 0.5)


def test_space_in_which_nothing_is_possible_ends_the_study(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_sweep("impossible")
    journal = open_journal(study, create=True)
    assert journal is not None
    monkeypatch.setattr(proposals, "MAX_PROPOSALS", 3)

    def refuse(_plan: StudyPlan, _settings: object) -> Recipe:
        raise RecipeError("too large")

    monkeypatch.setattr(StudyPlan, "build_recipe", refuse)
    with pytest.raises(RunError, match="3 proposals in a row were impossible"):
        ask_trial(journal, study.plan)
    assert journal.trials == []
