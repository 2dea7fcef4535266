from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_fixtures import (
    fake_pool,
    find,
    hold_dispatcher,
    in_url,
    labels,
    metrics,
    open_alone,
    open_page,
    texts,
)
from run_fixtures import make_run, write_launch, write_status

from fmnist.errors import RunError
from fmnist.networks import NETWORKS, find_network
from fmnist.runs import Recipe, RunState, list_runs, open_run
from fmnist.ui import live, session
from fmnist.ui.session import name_session


@pytest.fixture(autouse=True)
def spawned(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    fake_pool(monkeypatch)
    return hold_dispatcher(monkeypatch)


def test_page_without_runs_shows_the_form_and_the_network(spawned: list[int]) -> None:
    app = open_page("train")
    assert not app.error
    assert "No run yet" in texts(app)
    assert metrics(app)["Parameters"] == "1,200,000"
    assert app.code[0].value.startswith("python -m fmnist train --network cnn")
    assert not spawned


def open_form(network: str, open_one=open_page):
    app = open_one("train")
    return app.radio(key="network").set_value(network).run()


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
    app = open_form("baseline")
    find(app.number_input, "Epochs").set_value(3)
    find(app.select_slider, "Data share").set_value(0.1)
    find(app.selectbox, "Batch size").set_value(64)
    find(app.number_input, "Learning rate").set_value(1.7e-4)
    find(app.slider, "Dropout").set_value(0.5)
    find(app.selectbox, "Augmentation").set_value("none")
    find(app.number_input, "Early stopping").set_value(2)
    find(app.number_input, "Seed").set_value(41)
    find(app.selectbox, "Schedule").set_value("constant")
    find(app.toggle, "Average the weights").set_value(False)
    find(app.number_input, "Weight decay").set_value(0.5)
    find(app.number_input, "Label smoothing").set_value(0.1)
    find(app.toggle, "Batch normalisation").set_value(False)
    find(app.number_input, "Width").set_value(0.5)
    find(app.selectbox, "Precision").set_value("float32")
    find(app.toggle, "Write event files for TensorBoard").set_value(True)
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
    app = open_form("baseline")
    box = find(app.selectbox, "Start from")
    assert box.options == ["Random weights", f"{source.run_id} ({source.recipe.network})"]
    box.set_value(source.run_id).run()
    assert any(f"--start-from {source.run_id}" in code.value for code in app.code)
    find(app.button, "Start training").click().run()
    assert not app.error
    (new,) = [run for run in list_runs() if run.recipe.start_from]
    assert new.recipe.start_from == source.run_id


PRESETS = {
    f"{name.capitalize()}: {preset.epochs} epochs": preset
    for name, preset in NETWORKS["cnn"].presets.items()
}
NEW_RUN = {"Start training", "Test learning rates", *PRESETS}
"""Buttons of the form, which are there whatever run is watched."""

OF_QUEUE = {"Up", "Down", "First", "Cancel"}
"""Buttons of each waiting run."""

MESSAGES = {
    "queued": ("Waiting in the queue, place 1 of 1", ["Leave the queue"]),
    "running": ("running", ["Stop training"]),
    "stopping": ("stopping", []),
    "stopped": ("Stopped as asked. It had not learned anything yet.", ["Resume", "Delete"]),
    "failed": ("The memory ran out. Try half the batch size. It had", ["Resume", "Delete"]),
    "lost": ("ended without a word: signal 9 killed it, by hand or for lack", ["Resume", "Delete"]),
    "finished": ("finished", ["Delete"]),
}


@pytest.mark.parametrize("state", MESSAGES)
def test_each_state_is_told_with_what_can_be_done(state: str) -> None:
    run = make_run(state)
    app = open_page("train", run=run.run_id)
    message, buttons = MESSAGES[state]
    assert message in texts(app)
    assert [label for label in labels(app) if label not in NEW_RUN | OF_QUEUE] == buttons
    assert bool(app.error) is (state in {"failed", "lost"})


def test_finished_run_shows_its_figures() -> None:
    app = open_page("train", run=make_run("finished").run_id)
    shown = metrics(app)
    assert shown["Test accuracy"] == "95.00%"
    assert shown["Best epoch"] == "1 of 2"
    assert shown["Training time"] == "1 min 05 s"


def test_run_at_work_comes_first_and_needs_a_dispatcher(spawned: list[int]) -> None:
    make_run("finished", "old")
    make_run("running", "at-work")
    make_run("finished", "new")
    app = open_page("train")
    assert app.selectbox(key="train_run").value == "at-work"
    assert spawned  # whoever opens the page sees to it that the queue goes on
    assert metrics(app)["Images per second"] == "900"


def test_worker_that_is_still_importing_says_so() -> None:
    run = make_run("queued")
    write_launch(run, alive=True)
    app = open_page("train", run=run.run_id)
    assert not app.error
    assert run.load_state() is RunState.RUNNING


def test_stop_and_leaving_the_queue() -> None:
    for state, label, then in (
        ("running", "Stop training", "stopping"),
        ("queued", "Leave the queue", "stopped"),
    ):
        run = make_run(state)
        app = open_page("train", run=run.run_id)
        find(app.button, label).click().run()
        assert not app.exception
        assert run.load_state() == then


def test_resume_queues_the_run_again(spawned: list[int]) -> None:
    run = make_run("lost")
    app = open_page("train", run=run.run_id)
    app.button(key="resume").click().run()
    assert run.load_state() is RunState.QUEUED
    assert "Waiting in the queue" in texts(app)
    assert spawned


def test_button_that_came_too_late_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(run) -> None:
        raise RunError(f"{run.run_id} is finished, so there is nothing to stop.")

    monkeypatch.setattr(live, "stop_run", refuse)
    app = open_page("train", run=make_run("running").run_id)
    app.button(key="stop").click().run()
    assert not app.exception
    assert "is finished, so there is nothing to stop" in app.toast[0].value


def test_deleted_run_comes_back_with_undo() -> None:
    make_run("stopped", "other")
    make_run("failed", "mine")
    app = open_page("train", run="mine")
    app.button(key="delete").click().run()
    assert [run.run_id for run in list_runs()] == ["other"]
    assert "mine was deleted." in texts(app)
    assert not app.warning  # that the run is gone is no surprise
    assert in_url(app, "run") == "other"
    app.button(key="undo_delete").click().run()
    assert open_run("mine").load_state() is RunState.FAILED
    assert app.selectbox(key="train_run").value == "mine"
    assert "was deleted" not in texts(app)


def test_last_run_is_deleted() -> None:
    run = make_run("failed", "only")
    app = open_page("train", run=run.run_id)
    app.button(key="delete").click().run()
    assert not app.exception
    assert "No run yet" in texts(app)
    app.button(key="undo_delete").click().run()
    assert app.selectbox(key="train_run").value == "only"


@pytest.mark.parametrize("name", ["status.json", "steps.csv", "history.csv", "launch.json"])
def test_damaged_run_is_told_and_can_be_deleted(name: str) -> None:
    run = make_run("lost", "bad")
    (run.path / name).write_text("{\n1,2\n")
    app = open_page("train", run="bad")
    assert "bad" in texts(app)
    assert "Something in this program" not in texts(app)
    app.button(key="delete").click().run()
    assert list_runs() == []


def test_unknown_run_in_the_url_is_told() -> None:
    make_run("finished", "mine")
    app = open_page("train", run="../x")
    assert "There is no run named" in app.warning[0].value
    assert in_url(app, "run") == "mine"


def test_progress_is_shown_while_training() -> None:
    run = make_run("running")
    write_status(run, "running", epoch=1, batch=5, seconds=60.0, phase="training")
    app = open_page("train", run=run.run_id)
    assert not app.error
    bars = [element.proto.text for element in app.get("progress")]
    assert bars == ["Training: epoch 2 of 4, 1 min 40 s left"]


def test_log_is_shown_when_asked_for() -> None:
    run = make_run("stopped")
    (run.path / "worker.log").write_text("what the worker said\n")
    app = open_page("train", run=run.run_id)
    assert "what the worker said" not in [code.value for code in app.code]
    find(app.toggle, "Show the log").set_value(True).run()
    assert "what the worker said" in [code.value for code in app.code]


@pytest.mark.parametrize("state", ["failed", "lost"])
def test_end_of_the_log_is_shown_unasked_where_a_run_went_wrong(state: str) -> None:
    run = make_run(state)
    (run.path / "worker.log").write_text("".join(f"line {i}\n" for i in range(100)))
    app = open_page("train", run=run.run_id)
    (log,) = [code.value for code in app.code if code.value.startswith("line")]
    assert log.splitlines()[-1] == "line 99"
    assert len(log.splitlines()) < 20


def test_session_has_one_name_which_its_cookie_decides() -> None:
    assert name_session("a") == name_session("a") != name_session("b")
    # The same token under two masks, as Streamlit sends it anew each time.
    plain, masked = "2|00000000|c0ffee00|1", "2|01020304|c1fded04|1"
    assert session._read_token(plain) == session._read_token(masked) == "c0ffee00"
    for cookie in ("", "x", "2|zz|00|1", "2||00|1", "1|2|3"):
        assert session._read_token(cookie) == ""


def test_preset_fills_the_form_and_the_defaults_come_back() -> None:
    app = open_page("train")
    (label, preset), *_ = PRESETS.items()
    find(app.button, label).click().run()
    assert find(app.number_input, "Epochs").value == preset.epochs
    assert find(app.number_input, "Learning rate").value == preset.learning_rate
    assert find(app.button, label).disabled
    find(app.button, "Back to the defaults").click().run()
    assert find(app.number_input, "Epochs").value == NETWORKS["cnn"].recipe.epochs
