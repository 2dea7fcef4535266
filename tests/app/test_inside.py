"""The Look inside page, without Keras: the maps of a network that was made up."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.errors import InferenceError
from fmnist.explain import inside
from fmnist.inference import InferencePool
from fmnist.runs import open_run
from tests.support.inside_pages import fake_keras
from tests.support.pages import TIMEOUT, find, in_url, open_page, open_part, texts
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("spawned")


@pytest.fixture(autouse=True)
def a_network(spawned: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    fake_keras(monkeypatch)
    (make_run("finished", "one").path / "model.keras").write_bytes(b"a network")


def open_inside(**query: str) -> AppTest:
    app = open_page("inside", **({"run": "one", "item": "7"} | query))
    assert not app.exception
    return app


def wait_for(app: AppTest, said: str) -> None:
    """Draw the page until it says something that is computed beside it."""
    deadline = time.monotonic() + TIMEOUT
    while said not in texts(app) and time.monotonic() < deadline:
        app.run()
    assert said in texts(app)


def test_layers_of_the_item_of_the_url() -> None:
    app = open_inside()
    assert not app.error
    assert find(app.number_input, "Test image").value == 7
    assert find(app.selectbox, "Layer").value == "conv_1"
    assert "10 maps in 2 stages" in texts(app)
    assert "1 maps, crossed out, are dead" in texts(app)
    assert "Map 2 of conv_1" in {header.value for header in app.header}  # the strongest
    assert "1. relu_1: sum of 9 products" in texts(app)
    assert "3×3 kernel sees of the image after pixels" in texts(app)


def test_map_is_chosen_by_keyboard_and_kept_in_the_url() -> None:
    app = open_inside()
    find(app.selectbox, "Layer").select("conv_2").run()
    find(app.number_input, "Map").set_value(5).run()
    assert (in_url(app, "layer"), in_url(app, "map")) == ("conv_2", "5")
    assert app.header[0].value == "Map 5 of conv_2"
    app = open_part(app, "inside_pixel")
    row = find(app.number_input, "Row")
    assert row.max == 13
    row.set_value(0).run()
    find(app.number_input, "Column").set_value(3).run()
    assert "**Row 0, column 3, step by step**" in texts(app)
    app.session_state["inside_pixel"] = False
    app.run()
    assert "**Row 0, column 3, step by step**" in texts(app)
    find(app.number_input, "Test image").set_value(8).run()
    assert in_url(app, "item") == "8"
    assert app.header[0].value == "Map 5 of conv_2"


def test_map_of_the_url_is_shown() -> None:
    app = open_inside(layer="conv_2", map="3")
    assert app.header[0].value == "Map 3 of conv_2"


@pytest.mark.parametrize("value", ["../..", "", "1e999", "x" * 100_000, "![b](http://evil/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    app = open_inside(run=value, item=value, layer=value, map=value)
    assert not app.error
    assert find(app.number_input, "Test image").value == 0
    assert app.header[0].value == "Map 2 of conv_1"
    assert "http://" not in texts(app).replace("\\", "")


def test_what_keras_refuses_is_reported_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = inside.compute_stages

    def refuse(*_given: object) -> None:
        raise InferenceError("model.keras is damaged.")

    monkeypatch.setattr(inside, "compute_stages", refuse)
    app = open_inside()
    assert app.error[0].value == "model.keras is damaged."
    monkeypatch.setattr(inside, "compute_stages", answer)
    app.run()
    assert not app.error
    assert "10 maps in 2 stages" in texts(app)


def test_network_without_convolutions_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "compute_stages", lambda *_given: [])
    assert "This network has no convolution" in texts(open_inside())


def test_without_a_network_the_page_leads_to_training(isolated: Path) -> None:
    (open_run("one").path / "model.keras").unlink()
    assert "No network is trained yet" in texts(open_page("inside"))


def test_where_the_network_looks_for_a_class_rather_than_another() -> None:
    app = open_inside(view="Where it looks")
    assert "speaks for Ankle boot" in texts(app)
    find(app.selectbox, "Why").select(6).run()
    find(app.selectbox, "Rather than").select(0).run()
    assert "speaks for Shirt rather than T-shirt/top" in texts(app)
    app.segmented_control(key="method").set_value("Input gradient").run()
    assert "The gradient shows what a change would do" in texts(app)
    assert not app.error


def test_nearest_items_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_inside(view="Nearest items")
    wait_for(app, "A vote of the 10 nearest says")


def test_picture_of_predict_is_looked_into_until_a_test_image_is_asked_for() -> None:
    app = open_page("predict", run="one")
    app = app.segmented_control(key="way").set_value("Examples").run()
    (link,) = [each for each in app.get("page_link") if "Look inside" in each.proto.label]
    assert link.proto.query_string == "run=one&item=picture"
    app.query_params["item"] = "picture"
    app = app.switch_page("pages/inside.py").run()
    assert not app.error
    assert any("picture classified as Ankle boot" in each.proto.body for each in app.get("html"))
    assert not [box for box in app.number_input if box.label == "Test image"]
    find(app.button, "Look at a test image").click().run()
    assert find(app.number_input, "Test image").value == 0


def test_faithfulness_is_measured_when_asked_and_kept(tmp_path: Path) -> None:
    (open_run("one").path / "model.keras").write_text(f"a network of {tmp_path}")
    app = open_inside(view="Where it looks")
    assert "Faithfulness" not in texts(app)
    find(app.button, "Measure whether the maps are faithful").click().run()
    wait_for(app, "Faithfulness of LayerCAM on 100 test images: **it does not beat brightness")
    app = open_inside(view="Where it looks", method="Occlusion")
    assert "Faithfulness of Occlusion" in texts(app)


def test_training_images_that_excite_a_map_are_found_when_asked_and_kept(tmp_path: Path) -> None:
    (open_run("one").path / "model.keras").write_text(f"a network of {tmp_path}")
    app = open_inside()
    assert "highest values of this map" not in texts(app)
    find(app.button, "Find the 9 training images").click().run()
    wait_for(app, "highest values of this map")
    assert "highest values of this map" in texts(open_inside(layer="conv_2"))


def test_nudge_says_which_step_changes_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_inside(view="Nudge")
    wait_for(app, "No pixel changes the class alone")  # the network always says Ankle boot
    assert "No step of up to 64 grey levels changes the answer" in texts(app)
    assert find(app.slider, "Step, in grey levels of 255").value == 0

    image = load_dataset().x_test[7].astype(int)
    # Most pixels are dark, and become darker.
    dark = np.clip(image + 5 * np.sign(image - 99.5), 0, 255).sum()

    def predict(_self: object, _run: object, images: np.ndarray) -> np.ndarray:
        is_dark = images.sum(axis=(1, 2), dtype=int) <= dark
        return np.where(is_dark[:, None], np.eye(10)[0], np.eye(10)[9]).astype(np.float32)

    monkeypatch.setattr(InferencePool, "predict", predict)
    app = open_inside(view="Nudge")
    assert "A step of **5 grey levels of 255**" in texts(app)
    assert find(app.slider, "Step, in grey levels of 255").value == 5
    assert "to **T-shirt/top**" in texts(app)
