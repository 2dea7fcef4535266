"""The winner of a study on its way into the forms."""

from __future__ import annotations

import pytest

from fmnist.networks import find_network
from fmnist.runs import Recipe, list_runs
from fmnist.study import (
    REPEAT,
)
from fmnist.ui.shell.handover import Handover
from fmnist.ui.train.state import TrainState
from tests.support.pages import find, open_alone, open_page, read_state, texts
from tests.support.studies import make_finished_sweep

pytestmark = pytest.mark.usefixtures("controlled")


def test_winner_fills_the_train_form() -> None:
    study = make_finished_sweep(pruning=False)
    app = open_page("study")
    find(app.button, "Use these settings").click().run()
    assert app.title[0].value == "Train"
    assert "Filled in with the recipe from the page before" in texts(app)
    assert read_state(app, Handover).recipe is None
    shown = read_state(app, TrainState).forms["baseline"].recipe
    default = find_network("baseline").recipe
    assert (shown.epochs, shown.train_share) == (default.epochs, 1.0)
    best = max(study.list_runs(), key=lambda run: run.load_report().validation["accuracy"])
    assert shown.learning_rate == best.recipe.learning_rate
    assert find(app.number_input, "Epochs").value == default.epochs
    assert find(app.slider, "Dropout").value == best.recipe.dropout


def test_draft_is_trained_with_all_its_settings() -> None:
    draft = Recipe("baseline", epochs=3, learning_rate=0.00123, dropout=0.45, width=1.5, seed=9)
    app = open_alone("train")
    read_state(app, Handover).recipe = draft
    app.run()
    find(app.button, "Start training").click().run()
    assert not app.error
    assert list_runs()[0].recipe == draft


def test_draft_can_be_left_for_the_defaults() -> None:
    app = open_alone("train")
    read_state(app, Handover).recipe = Recipe("baseline", dropout=0.45)
    app.run()
    assert find(app.slider, "Dropout").value == 0.45
    find(app.button, "Back to the defaults").click().run()
    assert find(app.slider, "Dropout").value == find_network("baseline").recipe.dropout
    assert "Filled in with" not in texts(app)


def test_winner_fills_the_form_of_a_repeat() -> None:
    study = make_finished_sweep(pruning=False)
    app = open_page("study")
    find(app.button, "Repeat over seeds").click().run()
    best = max(study.list_runs(), key=lambda run: run.load_report().validation["accuracy"])
    assert find(app.segmented_control, "Purpose").value == REPEAT
    assert find(app.selectbox, "Start from the recipe of").value == best.run_id
