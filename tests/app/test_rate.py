"""The learning rate on the Train page, and the file of edits in its form."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from fmnist import settings
from fmnist.data import load_dataset, split_validation
from fmnist.data.edits import Edits, save_edits
from fmnist.launching import lr_range
from fmnist.lr_range.record import RATES, RangeTest, open_range_test
from fmnist.lr_range.suggestion import suggest_rate
from fmnist.networks import find_network
from fmnist.runs import list_runs
from fmnist.runs.processes import identify_process
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.train.state import TrainState
from tests.support.pages import (
    fake_pool,
    find,
    hold_dispatcher,
    labels,
    open_alone,
    open_page,
    open_part,
    read_state,
    texts,
)
from tests.support.runs import PID_NEVER_USED, make_run

LOSSES = 2.3 - 1.3 / (1 + np.exp(-5 * (np.log10(RATES) + 4)))
LOSSES += 10 * np.clip(np.log10(RATES) + 1.5, 0, None) ** 2
"""Falls around 1e-4 and diverges from about 3e-2 on."""


def write_test(test: RangeTest, *, alive: bool, **result: object) -> None:
    test.path.mkdir(parents=True, exist_ok=True)
    launch = identify_process(os.getpid() if alive else PID_NEVER_USED, "attempt").to_dict()
    (test.path / "launch.json").write_text(json.dumps(launch))
    (test.path / "result.json").write_text(json.dumps(result))


@pytest.fixture(autouse=True)
def started(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[RangeTest]:
    """Load the data, and start no process; the list holds the tests that would have been."""
    fake_pool(monkeypatch)
    hold_dispatcher(monkeypatch)
    tests: list[RangeTest] = []

    def spawn(test: RangeTest) -> None:
        tests.append(test)
        write_test(test, alive=True, state="running")

    monkeypatch.setattr(lr_range, "_spawn", spawn)
    get_data_holder().wait()
    return tests


@pytest.fixture
def test_of_cnn(isolated: Path) -> RangeTest:
    return open_range_test(find_network("cnn").recipe, load_dataset().fingerprints["train"])


@pytest.mark.parametrize("open_one", [open_page, open_alone])
def test_rates_are_tested_with_the_settings_of_the_form(open_one, started: list) -> None:
    app = open_part(open_one("train"), "find_rate")
    find(app.selectbox, "Batch size").set_value(32).run()
    find(app.button, "Test learning rates").click().run()
    assert not app.exception
    (test,) = started
    recipe = test.load_recipe()
    assert (recipe.network, recipe.batch_size) == ("cnn", 32)
    bars = [element.proto.text for element in app.get("progress")]
    assert "Starting the test: loading TensorFlow takes a few seconds" in bars
    assert "Cancel the test" in labels(app)
    assert not list_runs()
    write_test(test, alive=True, state="running", rates=[1e-6] * 30, losses=[2.3] * 30)
    app.run()
    bars = [element.proto.text for element in app.get("progress")]
    assert "Testing rates: 30 of 100" in bars


def test_result_is_found_again_and_its_rate_is_used(test_of_cnn: RangeTest) -> None:
    rates, losses = RATES.tolist(), LOSSES.tolist()
    write_test(test_of_cnn, alive=False, state="finished", rates=rates, losses=losses)
    rate = suggest_rate(RATES, LOSSES).rate
    app = open_part(open_page("train"), "find_rate")
    assert f"**{rate:g} is suggested**" in texts(app)
    assert find(app.number_input, "Learning rate").value != rate
    find(app.button, "Use this rate").click().run()
    assert find(app.number_input, "Learning rate").value == rate
    assert f"--learning-rate {rate:g}" in app.code[0].value
    assert f"highest {rate:.2g}" in texts(app)
    # The rate does not matter to the test, so it is still shown; other settings hide it.
    assert "Use this rate" in labels(app)
    find(app.slider, "Dropout").set_value(0.5).run()
    assert "Use this rate" not in labels(app)
    find(app.slider, "Dropout").set_value(0.3).run()
    assert "Use this rate" in labels(app)
    find(app.button, "Start training").click().run()
    assert list_runs()[0].recipe.learning_rate == rate


def test_test_is_cancelled(test_of_cnn: RangeTest, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(lr_range, "end_process", lambda _launch, force: ended.append(force))
    write_test(test_of_cnn, alive=True, state="running")
    app = open_part(open_page("train"), "find_rate")
    find(app.button, "Cancel the test").click().run()
    assert ended == [True]
    assert not test_of_cnn.path.exists()
    assert "Test learning rates" in labels(app)


def test_test_of_other_settings_is_shown_as_such(test_of_cnn: RangeTest) -> None:
    write_test(test_of_cnn, alive=True, state="running")
    app = open_part(open_page("train"), "find_rate")
    assert "other settings" not in texts(app)
    find(app.selectbox, "Batch size").set_value(32).run()
    assert "A test with settings other than those above is running." in texts(app)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"state": "failed", "error": "The memory ran out."}, "The memory ran out."),
        ({"state": "running"}, "ended unexpectedly"),
        ({"state": "finished", "rates": [1e-6] * 3, "losses": [9.0] * 3}, "Only 3 batches"),
        ({"state": "finished", "rates": RATES.tolist(), "losses": [2.3] * 100}, "fell at no rate"),
    ],
)
def test_failure_is_reported_and_the_test_can_be_made_again(
    test_of_cnn: RangeTest, result: dict, words: str, started: list
) -> None:
    write_test(test_of_cnn, alive=False, **result)
    app = open_part(open_page("train"), "find_rate")
    assert words in texts(app)
    assert "Use this rate" not in labels(app)
    find(app.button, "Test again").click().run()
    assert started == [test_of_cnn]


def test_damaged_result_is_reported(test_of_cnn: RangeTest) -> None:
    write_test(test_of_cnn, alive=False, state="finished")
    (test_of_cnn.path / "result.json").write_text("{")
    app = open_part(open_page("train"), "find_rate")
    assert "result.json" in app.error[0].value
    assert "Start training" in labels(app)


def test_training_during_the_test_is_reported() -> None:
    app = open_part(open_page("train"), "find_rate")
    assert "A run is training" not in texts(app)
    make_run("running")
    assert "A run is training" in texts(open_part(open_page("train"), "find_rate"))


def test_schedule_follows_the_form() -> None:
    app = open_part(open_page("train"), "find_rate")
    recipe = find_network("cnn").recipe
    # 600 images, a tenth of them kept: 540 in batches of 128 are 5 steps.
    assert f"{5 * recipe.epochs} steps of 128 images. Final learning rate" in texts(app)
    find(app.number_input, "Epochs").set_value(3).run()
    open_part(app, "train_advanced")
    find(app.selectbox, "Schedule").set_value("constant").run()
    rate = f"{recipe.learning_rate:g}"
    told = f"15 steps of 128 images. Final learning rate {rate}, highest {rate}."
    assert told in texts(app)


def store(name: str, edits: Edits) -> Path:
    folder = settings.edits_dir()
    folder.mkdir(exist_ok=True)
    save_edits(folder / name, edits)
    return folder / name


def build_edits() -> Edits:
    dataset = load_dataset()
    train_rows, val_rows = split_validation(dataset.y_train)
    excluded = np.array([train_rows[0], val_rows[0]])
    return Edits(excluded, {int(train_rows[1]): 3}, dataset.fingerprints["train"])


SHOWN = "2 rows left out, 1 with another label. 1 of them are validation images and stay"


def test_file_of_edits_is_chosen_from_the_folder_and_checked(tmp_path: Path) -> None:
    path = store("edits.json", build_edits())
    (path.parent / "broken.json").write_text("{}")
    (path.parent / "link.json").symlink_to("/etc/hosts")
    os.mkfifo(path.parent / "fifo.json")
    app = open_part(open_page("train"), "train_advanced")
    box = find(app.selectbox, "File of edited rows")
    assert box.options == ["None", "broken.json", "edits.json"]
    box.set_value(str(path.parent / "broken.json")).run()
    assert "not an edits file" in texts(app)
    assert find(app.button, "Start training").disabled
    find(app.selectbox, "File of edited rows").set_value(str(path)).run()
    assert not app.error
    assert SHOWN in texts(app)
    find(app.button, "Start training").click().run()
    assert list_runs()[0].recipe.edits == str(path)


def test_edits_of_other_data_are_refused() -> None:
    path = store("edits.json", Edits(np.array([1]), {}, "of other data"))
    app = open_part(open_page("train"), "train_advanced")
    find(app.selectbox, "File of edited rows").set_value(str(path)).run()
    assert "made for another training set" in texts(app)
    assert find(app.button, "Start training").disabled


def test_uploaded_edits_are_stored_in_the_folder_and_chosen(tmp_path: Path) -> None:
    save_edits(tmp_path / "mine.json", build_edits())
    content = (tmp_path / "mine.json").read_bytes()
    app = open_part(open_page("train"), "train_advanced")
    (uploader,) = [each for each in app.file_uploader if "Edits" in each.label]
    uploader.set_value(("../../mine.json", content, "application/json")).run()
    stored = settings.edits_dir() / "mine.json"
    assert stored.read_bytes() == content
    assert find(app.selectbox, "File of edited rows").value == str(stored)
    assert SHOWN in texts(app)


def test_uploaded_file_that_is_no_edits_file_is_not_stored() -> None:
    app = open_part(open_page("train"), "train_advanced")
    (uploader,) = [each for each in app.file_uploader if "Edits" in each.label]
    uploader.set_value(("x.json", b'{"a": "s3cret"}', "application/json")).run()
    assert "not an edits file" in texts(app)
    assert "s3cret" not in texts(app)
    assert not settings.edits_dir().exists()


def test_recipe_that_names_a_path_elsewhere_is_refused_unread(tmp_path: Path) -> None:
    """The command line takes any path; a page that takes over its recipe does not read it."""
    os.mkfifo(tmp_path / "fifo.json")  # to read it would wait for ever
    app = open_page("train")
    form = read_state(app, TrainState).form(find_network("cnn"))
    form.set("edits", str(tmp_path / "fifo.json"))
    app.run()
    assert "which is not in" in texts(app)
    assert find(app.button, "Start training").disabled
