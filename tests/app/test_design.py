"""The workbench of the Design view."""

from __future__ import annotations

import pytest

from fmnist.classes import CLASS_NAMES
from fmnist.data import load_dataset
from fmnist.errors import InferenceError
from fmnist.explain import inside
from fmnist.networks.as_architecture import write_as_architecture
from fmnist.networks.design_link import decode_design, encode_design
from fmnist.runs import Recipe, RunState, create_run, list_runs
from fmnist.runs.architecture import (
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePooling2D,
    parse_architecture,
    write_architecture,
)
from fmnist.ui.train.design_state import DesignState, load_starting_point
from tests.support.inside_pages import fake_keras
from tests.support.pages import find, in_url, open_page, read_state, texts
from tests.support.runs import make_run, write_report

pytestmark = pytest.mark.usefixtures("spawned")

OWN = (Conv2D(8), Flatten(), Dense(10, "softmax"))


def open_design(layers=None):
    link = {} if layers is None else {"design": encode_design(layers)}
    return open_page("train", view="design", **link)


def read_layers(app):
    return read_state(app, DesignState).layers


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def layer_list(app):
    return find(app.radio, "Layers, from the image on")


def test_design_begins_with_the_cnn_and_the_url_shares_it() -> None:
    app = open_design()
    assert read_layers(app) == load_starting_point("cnn")
    assert decode_design(in_url(app, "design")) == load_starting_point("cnn")
    assert "1,170,130 of 20,000,000 parameters" in app.get("progress")[0].proto.text


def test_link_opens_the_design_that_it_holds() -> None:
    assert read_layers(open_design(OWN)) == OWN


def test_link_that_was_cut_off_is_refused_and_the_page_lives() -> None:
    app = open_page("train", view="design", design="AAAA")
    assert "can't be read, so it was cut off or changed" in app.error[0].value
    assert read_layers(app) == load_starting_point("cnn")


def test_settings_of_the_layer_in_hand_change_the_design() -> None:
    app = open_design(OWN)
    find(app.number_input, "Filters").set_value(16).run()
    assert read_layers(app)[0] == Conv2D(16)
    assert "16" in layer_list(app).options[0]
    layer_list(app).set_value(2).run()
    find(app.selectbox, "Activation").set_value("relu").run()
    assert read_layers(app)[2] == Dense(10, "relu")
    assert "does not return ten probabilities" in app.error[0].value


def test_layers_are_added_moved_and_removed_and_each_change_is_undone() -> None:
    app = open_design(OWN)
    find(app.selectbox, "Insert a layer after this one").set_value("GlobalAveragePooling2D").run()
    assert read_layers(app) == (OWN[0], GlobalAveragePooling2D(), *OWN[1:])
    assert "needs maps; its input is a vector" in app.error[0].value
    layer_list(app).set_value(2).run()
    press(app, "design_remove")
    assert read_layers(app) == (OWN[0], GlobalAveragePooling2D(), OWN[2])
    assert not app.error
    layer_list(app).set_value(1).run()
    press(app, "design_up")
    assert read_layers(app) == (GlobalAveragePooling2D(), OWN[0], OWN[2])
    for _ in range(3):
        press(app, "design_undo")
    assert read_layers(app) == OWN
    assert app.button(key="design_redo").disabled is False
    for _ in range(3):
        press(app, "design_redo")
    assert read_layers(app) == (GlobalAveragePooling2D(), OWN[0], OWN[2])
    assert app.button(key="design_redo").disabled
    press(app, "design_down")
    assert read_layers(app) == (OWN[0], GlobalAveragePooling2D(), OWN[2])


def test_setting_is_kept_when_its_layer_is_moved_and_can_be_undone() -> None:
    app = open_design(OWN)
    find(app.number_input, "Filters").set_value(16).run()
    press(app, "design_down")
    assert read_layers(app)[:2] == (Flatten(), Conv2D(16))
    press(app, "design_undo")
    layer_list(app).set_value(0).run()
    find(app.number_input, "Window").set_value(5).run()
    press(app, "design_undo")
    assert read_layers(app)[0] == Conv2D(16)


def test_mistake_is_reported_at_its_layer() -> None:
    app = open_design((Flatten(), Conv2D(8), Dense(10, "softmax")))
    captions = layer_list(app).proto.captions
    assert "needs maps" in captions[1]
    assert captions[0].startswith("784")
    assert captions[2] == "–"
    assert app.button(key="design_look").disabled
    assert app.button(key="design_set_up").disabled


def test_design_starts_from_a_network_or_a_run_of_ones_own() -> None:
    create_run(Recipe("custom", architecture=write_architecture(OWN)), run_id="mine")
    app = open_design()
    box = find(app.selectbox, "Start from")
    assert box.options == ["mine", "cnn", "baseline"]
    box.set_value("mine").run()
    assert read_layers(app) == OWN
    press(app, "design_undo")
    assert read_layers(app) == load_starting_point("cnn")


def test_design_starts_from_a_residual_network_and_shows_its_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inside, "compute_stages", lambda *_given: [])
    run = make_run("finished", "small", network="compact")
    (run.path / "model.keras").write_bytes(b"a network")
    app = open_design()
    find(app.selectbox, "Start from").set_value("small").run()
    assert read_layers(app) == write_as_architecture(run.recipe)
    assert find(app.selectbox, "As trained in").value == "small"


def test_run_of_ones_own_leads_to_its_layers() -> None:
    run = create_run(Recipe("custom", architecture=write_architecture(OWN)), run_id="mine")
    write_report(run)
    app = open_page("train", run="mine")
    (link,) = [each for each in app.get("page_link") if each.proto.label == "Its layers"]
    assert link.proto.query_string == f"view=design&design={encode_design(OWN)}"


def test_file_is_loaded_and_a_broken_one_refused() -> None:
    app = open_design()
    (uploader,) = [each for each in app.file_uploader if each.label == "Design (JSON)"]
    uploader.set_value(("x.json", b'[{"layer": "Nothing"}]', "application/json")).run()
    assert "Layer 1 of the architecture can't be used" in texts(app)
    (uploader,) = [each for each in app.file_uploader if each.label == "Design (JSON)"]
    content = write_architecture(OWN).encode()
    uploader.set_value(("x.json", content, "application/json")).run()
    assert read_layers(app) == OWN


def test_look_of_a_minute_starts_a_run_and_leads_to_it() -> None:
    app = press(open_design(OWN), "design_look")
    (run,) = list_runs()
    assert parse_architecture(run.recipe.architecture) == OWN
    assert run.load_state() is RunState.QUEUED
    assert in_url(app, "run") == run.run_id
    assert "Waiting in the queue" in texts(app)


def test_form_takes_the_design_over() -> None:
    app = press(open_design(OWN), "design_set_up")
    assert "design" not in app.query_params
    assert "--network custom" in app.code[0].value
    find(app.button, "Start training").click().run()
    (run,) = list_runs()
    assert parse_architecture(run.recipe.architecture) == OWN


def test_other_design_is_compared_layer_by_layer() -> None:
    app = open_design(OWN)
    find(app.selectbox, "Compare with").set_value("baseline").run()
    (table,) = [frame.value for frame in app.dataframe if "This design" in frame.value]
    assert list(table["This design"])[-1] == list(table["The other"])[-1]
    assert "lines differ. This design has 62,810 parameters" in texts(app)
    assert "Once both are trained" in texts(app)
    create_run(Recipe("custom", architecture=write_architecture(OWN)), run_id="mine")
    make_run("finished", "dense", network="baseline")
    app.run()
    (link,) = [each for each in app.get("page_link") if "Race both" in each.proto.label]
    assert link.proto.query_string == "runs=mine%2Cdense"


def test_image_is_shown_block_by_block_as_a_finished_run_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake_keras(monkeypatch)
    for name in ("one", "two"):
        (make_run("finished", name, network="cnn").path / "model.keras").write_bytes(b"a network")
    app = open_design()
    assert find(app.selectbox, "As trained in").options == ["two", "one"]
    find(app.selectbox, "As trained in").select("one").run()
    find(app.number_input, "Training image").set_value(7).run()
    assert in_url(app, "image") == "7"
    label = CLASS_NAMES[int(load_dataset().y_train[7])]
    assert f"What training image 7 ({label}) becomes in one, block by block" in texts(app)
    assert not app.error
    find(app.number_input, "Filters").set_value(16).run()
    assert "No finished run has these layers" in texts(app)
    press(app, "design_undo")
    assert f"What training image 7 ({label}) becomes" in texts(app)


def test_images_come_when_the_run_with_these_layers_is_finished() -> None:
    create_run(Recipe("custom", architecture=write_architecture(OWN)), run_id="mine")
    assert "The run mine has these layers. Once it is finished" in texts(open_design(OWN))


def test_design_can_be_changed_while_keras_refuses_to_show_its_images(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_given: object) -> None:
        raise InferenceError("model.keras is damaged.")

    (make_run("finished", "one", network="cnn").path / "model.keras").write_bytes(b"no network")
    monkeypatch.setattr(inside, "compute_stages", refuse)
    app = open_design()
    assert app.error[0].value == "model.keras is damaged."
    find(app.number_input, "Filters").set_value(16).run()
    assert not app.error


def test_layer_without_maps_has_no_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "compute_stages", lambda *_given: [])
    (make_run("finished", "one").path / "model.keras").write_bytes(b"a network")
    app = open_design(load_starting_point("baseline"))
    assert "This network has no convolution" in texts(app)
