"""The Predict page beyond the prediction: explanations, overrides, the true class."""

from __future__ import annotations

import base64
import json
import threading
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.images.examples import draw_examples
from fmnist.runs import open_run
from fmnist.ui.predict.paste import read_data_uri
from fmnist.ui.predict.score import describe_score
from fmnist.ui.widgets.explanations import paint_heatmap, project_heatmap
from tests.support.pages import open_page, texts
from tests.support.runs import make_run
from tests.support.uploads import build_drawing, open_upload, png


@pytest.fixture(autouse=True)
def quiet(spawned: list[int]) -> None:
    for name in ("cnn", "other"):
        (make_run("finished", name).path / "model.keras").touch()


def open_example():
    app = open_page("predict", run="cnn")
    app = app.segmented_control(key="way").set_value("Examples").run()
    assert not app.exception
    assert not app.error
    return app


def test_example_is_classified_at_once_and_a_click_chooses_another() -> None:
    app = open_example()
    assert "Ankle boot (91%)." in texts(app)
    app.button(key="predict_example_5").click().run()
    assert not app.error
    assert "An outline" in texts(app)  # a doodle, where the first was a photo
    assert len(draw_examples()) == 8


@pytest.mark.parametrize(
    ("explainer", "said"),
    [
        ("steps", "What cannot be reached from the border"),
        ("occlusion", "Orange: covering this part lowers"),
        ("perturbations", "small changes leave the prediction unchanged"),
        ("agreement", "**2 of 2** networks predict Ankle boot"),
        ("nearest", "The training images most similar"),
        ("calibration", "This run has no calibration"),
    ],
)
def test_each_explanation(explainer: str, said: str) -> None:
    app = open_example()
    app.segmented_control(key="explain").set_value(explainer).run()
    deadline = time.monotonic() + 60
    while said not in texts(app) and time.monotonic() < deadline:  # nearest items: in a thread
        app.run()
    assert not app.error
    assert not app.exception
    assert said in texts(app)


def test_page_stays_usable_while_nearest_items_are_computed_and_another_view_cancels_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = threading.Event()

    def compute(_pool, _run, _dataset, progress):
        try:
            while True:
                progress(0.25)
                time.sleep(0.01)
        finally:
            ended.set()

    monkeypatch.setattr("fmnist.explain.nearest.load_features", compute)
    app = open_example()
    app.segmented_control(key="explain").set_value("nearest").run()
    assert app.get("progress")
    assert "once per network. Another view cancels it" in app.get("progress")[0].proto.text
    app.button(key="score_right").click().run()
    assert "1 of 1 right" in texts(app)
    assert not ended.is_set()
    app.segmented_control(key="explain").set_value("steps").run()
    assert ended.wait(30)
    assert "What cannot be reached from the border" in texts(app)
    assert not app.get("progress")
    assert not app.error


def test_calibration_is_reported_where_there_is_one() -> None:
    path = open_run("cnn").report_path
    values = json.loads(path.read_text())
    coverage = [[0.5, 0.99], [1.0, 0.8]]
    values["calibration"] = {
        "temperature": 1.5, "in_distribution_threshold": 0.2,
        "outliers_detected": 0.75, "accuracy": 0.8,
        "coverage": coverage,
    }  # fmt: skip
    path.write_text(json.dumps(values))
    app = open_example()
    app.segmented_control(key="explain").set_value("calibration").run()
    assert not app.error
    assert "temperature of 1.50" in texts(app)
    assert len(app.get("plotly_chart")) == 1


def open_adjustments(app: AppTest, *, is_open: bool = True) -> None:
    app.session_state["predict_adjust"] = is_open
    app.run()


def test_steps_can_be_switched_off_and_on() -> None:
    app = open_example()
    name = draw_examples()[0].title
    assert "Cropped to the garment" in texts(app)
    assert not app.toggle
    open_adjustments(app)
    app.toggle(key=f"override_{name}_crop").set_value(False).run()
    assert not app.error
    assert "Cropped to the garment" not in texts(app)
    open_adjustments(app, is_open=False)
    assert not app.toggle
    assert "Cropped to the garment" not in texts(app)
    open_adjustments(app)
    assert app.toggle(key=f"override_{name}_crop").value is False
    app.toggle(key=f"override_{name}_crop").set_value(True).run()
    app.segmented_control(key=f"override_{name}_polarity").set_value("keep").run()
    assert "not negated: it already is light on dark" in texts(app)


def test_score_counts_what_was_right_and_can_be_taken_back() -> None:
    app = open_upload(("drawing.png", png(build_drawing())))
    app.button(key="score_right").click().run()
    assert "1 of 1 right (100%)" in texts(app)
    app.selectbox(key="score_truth_cnn/drawing.png").set_value(1).run()
    assert "0 of 1 right (0%)" in texts(app)
    app.button(key="score_forget").click().run()
    assert "In this session" not in texts(app)
    assert not app.error


def test_score_in_words() -> None:
    assert describe_score([(1, 1), (2, -1), (3, 3)]) == "In this session: 2 of 3 right (67%)."


def test_pasted_picture_becomes_a_file() -> None:
    data = png(build_drawing())
    file = read_data_uri("data:image/png;base64," + base64.b64encode(data).decode())
    assert file.getvalue() == data
    assert file.name.startswith("pasted-")
    for uri in ("", "data:text/html;base64,QUJD", "data:image/png;base64,*"):
        assert read_data_uri(uri) is None


def test_evidence_is_tinted_where_it_is_and_lies_over_its_part_of_the_picture() -> None:
    fall = np.zeros((28, 28), np.float32)
    fall[10:14, 10:14], fall[20:24, 20:24] = 0.5, -0.5
    painted = paint_heatmap(np.full((28, 28, 3), 100, np.uint8), fall, 0.05).astype(int)
    assert painted[12, 12, 0] > painted[12, 12, 2] + 100
    assert painted[22, 22, 2] > painted[22, 22, 0] + 100
    assert (painted[0, 0] == 100).all()
    spread = project_heatmap(fall, (120, 200), (4.0, 60.0, 112.0))
    rows, columns = np.nonzero(spread > 0.25)
    assert abs(rows.mean() - (4 + 12 * 4 - 0.5)) < 1.5
    assert abs(columns.mean() - (60 + 12 * 4 - 0.5)) < 1.5


def test_examples_that_are_drawn_are_called_drawn() -> None:
    titles = [example.title for example in draw_examples()]
    assert all("drawn" in title or "doodle" in title for title in titles)
