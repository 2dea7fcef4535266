"""The form of a study: what it starts, and what it offers and refuses."""

from __future__ import annotations

import pytest

from fmnist.networks import find_network
from fmnist.runs import Recipe
from fmnist.study import (
    DEFAULT_SETTINGS,
    REPEAT,
    SWEEP,
    Choices,
    Range,
    StudyPlan,
    list_studies,
    list_sweepable,
    open_study,
)
from tests.support.pages import find, in_url, metrics, open_alone, open_page, texts
from tests.support.runs import make_run
from tests.support.studies import (
    make_finished_sweep,
)

pytestmark = pytest.mark.usefixtures("controlled")


def test_form_as_it_is_starts_a_sweep_that_a_laptop_finishes(controlled: list[str]) -> None:
    app = open_alone("study")
    find(app.button, "Start the study").click().run()
    assert not app.error
    (study,) = list_studies()
    assert study.plan == StudyPlan(
        SWEEP,
        Recipe.from_dict(find_network("cnn").recipe.to_dict() | {"epochs": 4, "train_share": 0.1}),
        trials=12,
        space={name: list_sweepable()[name] for name in DEFAULT_SETTINGS},
    )
    assert study.owner == "Study page"
    assert in_url(app, "study") == study.name
    assert set(controlled) == {study.name}
    assert "The study is starting" in texts(app)
    assert metrics(app)["Trials done"] == "0 of 12"


def test_form_sends_every_setting_of_a_sweep() -> None:
    app = open_alone("study")
    app.selectbox(key="study_source").set_value("baseline").run()
    for name in list_sweepable():
        app.checkbox(key=f"vary_{name}").set_value(True).run()
    app.multiselect(key="values_conv_blocks").set_value([1, 2])
    app.multiselect(key="values_pooling").set_value(["max_each", "none"])
    app.checkbox(key="vary_dropout").set_value(False).run()
    app.select_slider(key="values_learning_rate").set_value((1e-3, 1e-2))
    app.multiselect(key="values_batch_size").set_value([64, 128])
    app.multiselect(key="values_augmentation").set_value(["none", "flip"])
    app.slider(key="values_width").set_value((0.75, 1.5))
    find(app.number_input, "Epochs").set_value(2)
    find(app.number_input, "Trials").set_value(5)
    find(app.number_input, "Minutes").set_value(7)
    find(app.text_input, "Name").set_value(" mine ")
    find(app.number_input, "Seed").set_value(3)
    find(app.number_input, "Seed of the sampler").set_value(4)
    find(app.toggle, "End trials that fall behind").set_value(False)
    find(app.button, "Start the study").click().run()
    assert not app.error
    plan = open_study("mine").plan
    assert (plan.trials, plan.minutes, plan.pruning, plan.seed) == (5, 7, False, 4)
    assert (plan.recipe.network, plan.recipe.epochs, plan.recipe.seed) == ("baseline", 2, 3)
    assert plan.space == {
        "optimizer": Choices(("adamw", "sgd")),
        "learning_rate": Range(1e-3, 1e-2, log=True),
        "batch_size": Choices((64, 128)),
        "augmentation": Choices(("none", "flip")),
        "width": Range(0.75, 1.5, step=0.25),
        "conv_blocks": Choices((1, 2)),
        "filters": Choices((16, 32, 64)),
        "kernel_size": Choices((3, 5)),
        "pooling": Choices(("max_each", "none")),
    }


def test_architecture_is_offered_where_it_is_a_list_of_layers() -> None:
    app = open_alone("study")
    assert "Combinations that would pool single pixels" in texts(app)
    app.selectbox(key="study_source").set_value("compact").run()
    assert "pooling" not in {box.key.removeprefix("vary_") for box in app.checkbox}
    assert "Combinations that would pool single pixels" not in texts(app)


def test_sweep_that_varies_nothing_is_refused() -> None:
    app = open_alone("study")
    for name in DEFAULT_SETTINGS:
        app.checkbox(key=f"vary_{name}").set_value(False).run()
    find(app.button, "Start the study").click().run()
    assert "A sweep varies at least one setting" in texts(app)
    assert list_studies() == []


def test_form_repeats_the_recipe_of_a_run() -> None:
    run = make_run("finished", "good")
    app = open_alone("study")
    app.segmented_control(key="study_kind").set_value(REPEAT).run()
    app.selectbox(key="study_source").set_value("good").run()
    find(app.number_input, "Seeds").set_value(3)
    find(app.number_input, "First seed").set_value(7)
    find(app.button, "Start the study").click().run()
    assert not app.error
    (study,) = list_studies()
    assert [other.recipe.seed for other in study.list_runs()] == [7, 8, 9]
    first = study.list_runs()[0].recipe
    assert (first.epochs, first.train_share) == (run.recipe.epochs, run.recipe.train_share)
    assert "0 of 3 runs finished" in [bar.proto.text for bar in app.get("progress")]


def test_trials_are_not_offered_as_a_source() -> None:
    make_run("finished", "own")
    study = make_finished_sweep(trials=2)
    (trial, _) = study.list_runs()
    app = open_page("study")
    source = find(app.selectbox, "Start from the recipe of")
    assert "own" in source.options
    assert trial.run_id not in source.options
