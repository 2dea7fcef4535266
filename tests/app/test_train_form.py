from __future__ import annotations

import dataclasses
import re

import pytest

from fmnist.networks import NETWORKS, find_network
from fmnist.runs import Recipe, RunState, list_runs
from fmnist.runs.settings_spec import list_settings
from fmnist.ui.shell.handover import Handover
from tests.support.pages import (
    choose_network,
    find,
    in_url,
    open_alone,
    open_page,
    open_part,
    read_state,
    show_view,
    texts,
)
from tests.support.runs import make_run

PRESETS = {
    f"{name.capitalize()}: {preset.epochs} epochs": preset
    for name, preset in NETWORKS["cnn"].presets.items()
}


pytestmark = pytest.mark.usefixtures("spawned")


def open_form(network: str, open_one=open_page):
    app = open_one("train")
    return choose_network(app, network)


@pytest.mark.parametrize("network", ["cnn", "baseline"])
@pytest.mark.parametrize("open_one", [open_page, open_alone])
def test_form_as_it_is_queues_the_default_recipe(
    network: str, open_one, spawned: list[int]
) -> None:
    app = open_form(network, open_one)
    find(app.button, "Start training").click().run()
    assert not app.exception
    assert not app.error
    (run,) = list_runs()
    assert run.recipe == find_network(network).recipe
    assert run.load_state() is RunState.QUEUED
    assert re.fullmatch(r"[a-z]+ [a-z]+ \d\d", run.owner)
    assert "1\\. **" in texts(app)
    assert "· you" in texts(app)  # the queue says whose it is
    assert in_url(app, "run") == run.run_id
    assert "Waiting in the queue, place 1 of 1" in texts(app)
    assert spawned


def test_form_sends_every_setting() -> None:
    app = open_part(open_form("baseline"), "train_advanced")
    find(app.number_input, "Epochs").set_value(3)
    find(app.select_slider, "Data share").set_value(0.1)
    find(app.selectbox, "Batch size").set_value(64)
    find(app.number_input, "Learning rate").set_value(1.7e-4)
    find(app.slider, "Dropout").set_value(0.5)
    find(app.selectbox, "Augmentation").set_value("none")
    find(app.number_input, "Early stopping").set_value(2)
    find(app.number_input, "Seed").set_value(41)
    find(app.selectbox, "Schedule").set_value("constant")
    find(app.toggle, "Weight averaging").set_value(False)
    find(app.number_input, "Weight decay").set_value(0.5)
    find(app.number_input, "Label smoothing").set_value(0.1)
    find(app.toggle, "Batch normalisation").set_value(False)
    find(app.number_input, "Width").set_value(0.5)
    find(app.selectbox, "Precision").set_value("float32")
    find(app.toggle, "TensorBoard event files").set_value(True)
    find(app.button, "Start training").click().run()
    assert list_runs()[0].recipe == Recipe(
        "baseline", epochs=3, train_share=0.1, batch_size=64, learning_rate=1.7e-4, dropout=0.5,
        augmentation="none", early_stopping=2, seed=41, schedule="constant", averaging=False,
        weight_decay=0.5, label_smoothing=0.1, normalisation=False, width=0.5,
        precision="float32", event_files=True,
    )  # fmt: skip


def test_a_run_starts_from_a_finished_one() -> None:
    source = make_run("finished")
    (source.path / "model.keras").touch()
    make_run("finished", "its-model-is-gone")  # is not offered
    make_run("stopped")  # nor is this
    app = open_part(open_form("baseline"), "train_advanced")
    box = find(app.selectbox, "Start from")
    assert box.options == ["Random weights", f"{source.run_id} ({source.recipe.network})"]
    box.set_value(source.run_id).run()
    assert any(f"--start-from {source.run_id}" in code.value for code in app.code)
    find(app.button, "Start training").click().run()
    assert not app.error
    (new,) = [run for run in list_runs() if run.recipe.start_from]
    assert new.recipe.start_from == source.run_id


def test_preset_fills_the_form_and_the_defaults_come_back() -> None:
    app = open_page("train")
    (label, preset), *_ = PRESETS.items()
    find(app.button, label).click().run()
    assert find(app.number_input, "Epochs").value == preset.epochs
    assert find(app.number_input, "Learning rate").value == preset.learning_rate
    assert find(app.button, label).disabled
    find(app.button, "Back to the defaults").click().run()
    assert find(app.number_input, "Epochs").value == NETWORKS["cnn"].recipe.epochs


def test_what_was_started_stays_in_the_form() -> None:
    app = open_page("train")
    (label, preset), *_ = PRESETS.items()
    find(app.button, label).click().run()
    open_part(app, "train_advanced")
    find(app.number_input, "Seed").set_value(7)
    find(app.button, "Start training").click().run()
    started = dataclasses.replace(preset, seed=7)
    assert list_runs()[0].recipe == started
    show_view(app, "Set up")
    assert find(app.number_input, "Epochs").value == preset.epochs
    assert "--seed 7" in app.code[0].value
    open_part(app, "train_advanced")
    assert find(app.number_input, "Seed").value == 7
    find(app.button, "Start training").click().run()
    assert [run.recipe for run in list_runs()] == [started, started]


def test_settings_outlive_a_visit_to_another_network_and_page() -> None:
    app = open_page("train")
    find(app.number_input, "Epochs").set_value(9).run()
    choose_network(app, "baseline")
    assert find(app.number_input, "Epochs").value == NETWORKS["baseline"].recipe.epochs
    app.switch_page("pages/overview.py").run()
    app.switch_page("pages/train.py").run()
    assert in_url(app, "network") == "baseline"
    assert find(app.number_input, "Epochs").value == NETWORKS["baseline"].recipe.epochs
    choose_network(app, "cnn")
    assert find(app.number_input, "Epochs").value == 9
    assert "--epochs 9" in app.code[0].value


def test_run_gets_the_name_of_the_form() -> None:
    app = open_page("train")
    find(app.text_input, "Name of the run").set_value("my first").run()
    assert app.code[0].value.endswith("--run 'my first'")
    find(app.button, "Start training").click().run()
    assert not app.error
    assert [run.run_id for run in list_runs()] == ["my first"]
    assert in_url(app, "run") == "my first"
    show_view(app, "Set up")
    assert "run" not in app.query_params
    assert find(app.text_input, "Name of the run").value == ""
    assert "--run" not in app.code[0].value


def test_advanced_settings_are_drawn_when_they_are_opened() -> None:
    app = open_page("train")
    shown = {widget.label for widget in app.number_input}
    assert "Seed" not in shown
    open_part(app, "train_advanced")
    find(app.number_input, "Seed").set_value(41).run()
    app.session_state["train_advanced"] = False
    app.run()
    assert {widget.label for widget in app.number_input} == shown
    find(app.button, "Start training").click().run()
    assert list_runs()[0].recipe.seed == 41


@pytest.mark.parametrize(
    ("name", "words"),
    [("taken", "A run named taken exists"), ("../x", "can't be the name of a run")],
)
def test_name_that_cannot_be_used_is_refused_at_its_field(name: str, words: str) -> None:
    make_run("finished", "taken")
    app = open_page("train")
    find(app.text_input, "Name of the run").set_value(name).run()
    assert words in app.error[0].value
    assert find(app.button, "Start training").disabled


def test_form_has_a_widget_for_each_setting() -> None:
    app = open_part(open_page("train"), "train_advanced")
    kinds = {
        "switch": app.toggle, "number": app.number_input, "slider": app.slider,
        "scale": app.select_slider, "select": app.selectbox,
    }  # fmt: skip
    for setting in (*list_settings("main", "cnn"), *list_settings("advanced", "cnn")):
        widget = find(kinds[setting.widget], setting.label)
        assert widget.help == setting.help
        assert widget.value == getattr(NETWORKS["cnn"].recipe, setting.name)


def test_recipe_with_whole_numbers_for_fractions_is_shown() -> None:
    app = open_alone("train")
    read_state(app, Handover).recipe = Recipe("cnn", weight_decay=0, width=2, dropout=0)
    open_part(app, "train_advanced")
    assert not app.error
    assert find(app.number_input, "Weight decay").value == 0
    assert find(app.number_input, "Width").value == 2
    assert find(app.slider, "Dropout").value == 0
