from __future__ import annotations

import io
import json
import re
import threading

import numpy as np
import pandas as pd
import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fmnist.classes import CLASS_NAMES
from fmnist.errors import InferenceError
from fmnist.images import LoadedPicture, Overrides
from fmnist.images.examples import draw_examples
from fmnist.images.picture_pool import PicturePool
from fmnist.images.pipeline import prepare_picture
from fmnist.inference import InferencePool
from fmnist.runs import Recipe, create_run, list_runs, open_run
from fmnist.runs.outside import ConfidenceBin, OutsideFigures
from fmnist.ui.predict import pictures, prediction_table
from fmnist.ui.predict.prediction_table import TableState, summarise_predictions
from fmnist.ui.predict.score import ScoreState
from fmnist.ui.shell.page_state import build_key
from fmnist.ui.shell.uploads import shrink_upload
from fmnist.ui.widgets import predictions
from fmnist.ui.widgets.predictions import classify_files, classify_picture
from tests.support.hard_pictures import build_many_scans
from tests.support.pages import in_url, open_page, texts
from tests.support.runs import make_run
from tests.support.uploads import build_drawing, open_upload, png

pytestmark = pytest.mark.usefixtures("spawned")


@pytest.fixture
def a_model() -> None:
    for name in ("cnn", "other"):
        (make_run("finished", name).path / "model.keras").touch()


def find_bars(app) -> list:
    return [block for block in app.get("html") if "Probability of each class" in block.proto.body]


def read_table(app) -> pd.DataFrame:
    """Return the table of several pictures as the page sent it."""
    return app.dataframe[0].value


def test_without_a_model_the_page_says_where_to_get_one() -> None:
    make_run("queued")
    app = open_page("predict")
    assert not app.error
    assert "No network is trained yet" in texts(app)


def test_page_waits_for_a_picture(a_model: None) -> None:
    app = open_upload()
    assert not app.error
    assert "It appears here with ten probabilities" in texts(app)


def test_canvas_is_there(a_model: None) -> None:
    app = open_page("predict", run="other")
    assert not app.error
    assert not app.exception
    assert in_url(app, "run") == "other"
    assert "Light on dark, as in the data set" in texts(app)


def test_trials_are_left_out_of_networks_until_they_are_asked_for(a_model: None) -> None:
    trial = create_run(Recipe("baseline"), run_id="trial", owner="study widths")
    (trial.path / "model.keras").touch()
    app = open_upload(("drawing.png", png(build_drawing())))
    assert not any("trial" in option for option in app.selectbox(key="predict_run").options)
    app.segmented_control(key="explain").set_value("agreement").run()
    assert "**2 of 2** networks predict Ankle boot" in texts(app)
    app.toggle(key="predict_run_trials").set_value(True).run()
    assert any("trial" in option for option in app.selectbox(key="predict_run").options)
    assert not app.error


def test_uploaded_picture_is_classified_and_shown_step_by_step(a_model: None) -> None:
    app = open_upload(("drawing.png", png(build_drawing())))
    assert not app.error
    assert "Ankle boot (91%)." in texts(app)
    assert "mean over 2 variants" in texts(app)
    assert len(find_bars(app)) == 1
    assert len(app.get("image")) == 2  # the original and the 28×28
    steps = "".join(block.proto.body for block in app.get("html"))
    titles = ["As given", "Light on dark", "Garment", "Crop", "Tones", "Image"]
    assert re.findall(r'alt="\d\. ([^"]*)"', steps) == titles


def test_how_often_such_answers_were_right_stands_beside_the_answer(a_model: None) -> None:
    bins = [ConfidenceBin(0.0, 0.9, 30, 10), ConfidenceBin(0.9, 1.0, 143, 101)]
    figures = OutsideFigures(photo=bins, drawing=bins)
    (open_run("cnn").path / "outside.json").write_text(json.dumps(figures.to_dict()))
    app = open_upload(("drawing.png", png(build_drawing())))
    assert "of 143 answers with 90–100%, 71% were right" in texts(app)
    app.segmented_control(key="explain").set_value("calibration").run()
    assert "Of 173 real drawings, none of which it was trained on, **64%** are" in texts(app)
    assert "0–90%: 10 of 30; 90–100%: 101 of 143" in texts(app)
    assert not app.error


def test_unreadable_picture_leaves_the_others_alone(a_model: None) -> None:
    app = open_upload(("words.png", b"no picture"), ("drawing.png", png(build_drawing())))
    table = read_table(app)
    assert list(table["file"]) == ["words.png", "drawing.png"]
    assert "words.png" in table["reason"][0]
    assert list(table["verdict"]) == ["not read", "sure"]
    assert table["label"][1] == "Ankle boot"
    assert "words.png" in app.error[0].value
    app.selectbox(key="predict_choice").set_value(1).run()
    assert not app.error
    assert "Ankle boot (91%)." in texts(app)


def test_table_of_pictures_is_filtered_and_corrected(a_model: None) -> None:
    drawing = png(build_drawing())
    app = open_upload(("a.png", drawing), ("a.png", drawing), ("bad.png", b"no picture"))
    assert list(read_table(app)["file"]) == ["a.png", "a.png (2)", "bad.png"]
    key = build_key(TableState)
    editor = f"predict_table_{app.session_state[key].version}"
    notes = app.session_state[build_key(ScoreState)].notes
    notes["cnn/a.png (2)"] = (9, 1)
    app.run()
    assert list(read_table(app)["true class"].fillna("")) == ["", "Trouser", ""]
    assert editor != f"predict_table_{app.session_state[key].version}"
    assert "Of those whose true class you gave: 0 of 1 right (0%)" in texts(app)
    app.segmented_control(key="predict_filter").set_value("Not read").run()
    assert list(read_table(app)["file"]) == ["bad.png"]
    app.segmented_control(key="predict_filter").set_value("Unsure").run()
    assert "No picture is of that kind" in texts(app)
    assert not app.exception


def test_class_chosen_in_the_table_is_noted_and_a_cleared_cell_forgets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edits: dict[int, dict] = {1: {"true class": "Bag"}, 0: {"true class": "none of the ten"}}
    monkeypatch.setattr(prediction_table, "read_widget", lambda *_: {"edited_rows": edits})
    table, notes = TableState(files=["a.png", "b.png"]), dict[str, tuple[int | None, int]]()
    labels = {"a.png": 9, "b.png": None}
    prediction_table.take_edits(table, "key", notes, labels, "cnn")
    assert notes == {"cnn/a.png": (9, -1), "cnn/b.png": (None, 8)}
    edits[1] = {"true class": None}
    prediction_table.take_edits(table, "key", notes, labels, "cnn")
    assert notes == {"cnn/a.png": (9, -1)}


def test_picture_that_would_take_minutes_is_refused_in_words(a_model: None) -> None:
    app = open_upload(("scans.jpg", build_many_scans(2_000)), ("drawing.png", png(build_drawing())))
    table = read_table(app)
    assert "scans.jpg is a progressive JPEG of 2,000 scans" in table["reason"][0]
    assert table["label"][1] == "Ankle boot"


def test_of_a_picture_that_was_read_the_reduced_one_is_kept(
    a_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty uploads of 10 MB kept 590 MB for as long as the page was open."""
    kept: list[tuple[int, int]] = []

    def shrink(file, content: bytes) -> None:
        shrink_upload(file, content)
        manager, context = get_script_run_ctx().uploaded_file_mgr, get_script_run_ctx()
        (record,) = manager.get_files(context.session_id, [file.file_id])
        kept.append((len(file.getvalue()), len(record.data)))

    monkeypatch.setattr(predictions, "shrink_upload", shrink)
    rng = np.random.default_rng(0)
    large = png(rng.integers(0, 256, (1_500, 1_500, 3), np.uint8))
    app = open_upload(("large.png", large))
    assert not app.error
    ((in_the_page, in_the_server),) = kept
    assert in_the_page == in_the_server < 2_000_000 < len(large)


def test_page_says_which_files_are_read_and_how_much_a_session_holds(a_model: None) -> None:
    words = open_upload().file_uploader[0].proto.help
    assert words.startswith("PNG, JPEG, WebP, AVIF, HEIC, GIF, BMP or TIFF, up to 10 MB each")
    assert "150 MB together" in words


def test_default_network_says_why_it_comes_first(a_model: None) -> None:
    run = create_run(Recipe("outside"), run_id="outside")
    (run.path / "model.keras").touch()
    app = open_page("predict")
    assert app.selectbox(key="predict_run").options[0].startswith("outside")
    assert "Best on real photos and drawings" in texts(app)
    assert "Best on real photos" not in texts(open_page("predict", run="other"))


def test_blank_picture_gets_a_warning(a_model: None) -> None:
    app = open_upload(("black.png", png(np.zeros((60, 60), np.uint8))))
    assert not app.error
    assert len(app.warning) == 1
    assert not find_bars(app)


def test_network_that_does_not_answer_gets_a_message(
    a_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise InferenceError("The network did not answer within 120 seconds. Try again.")

    monkeypatch.setattr(InferencePool, "predict", fail)
    app = open_upload(("drawing.png", png(build_drawing())))
    assert "did not answer within 120 seconds" in app.error[0].value


def test_other_cut_outs_are_found_when_asked_for(
    a_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Overrides] = []
    photo = draw_examples()[0].picture

    def read(_self: object, source: object, *given: object) -> LoadedPicture:
        asked.append(given[-1])
        return LoadedPicture(photo, prepare_picture(photo, "photo", given[-1]))

    monkeypatch.setattr(PicturePool, "read", read)
    app = open_upload(("photo.png", png(photo[..., :3])))
    assert asked == [Overrides()]
    assert "Below: the cut-outs found." not in texts(app)
    monkeypatch.setattr(pictures, "read_pointing", lambda _: Overrides(every=True))
    app.run()
    assert asked == [Overrides(), Overrides(every=True)]
    assert "Below: the cut-outs found." in texts(app)


def test_pictures_are_classified_while_others_are_read(
    a_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    classified, waited = threading.Event(), []
    photo = draw_examples()[0].picture
    result = LoadedPicture(photo, prepare_picture(photo, "photo"))

    def read(_self: object, _source: object, name: str, *_: object) -> LoadedPicture:
        if name == "29.png":
            waited.append(classified.wait(10))
        return result

    def predict(_self: object, _run: object, images: np.ndarray) -> np.ndarray:
        classified.set()
        return np.full((len(images), 10), 0.1, np.float32)

    monkeypatch.setattr(PicturePool, "read", read)
    monkeypatch.setattr(InferencePool, "predict", predict)
    app = open_upload(*((f"{number}.png", png(photo[number:, :, :3])) for number in range(30)))
    assert waited == [True]
    assert len(app.dataframe[0].value) == 30


class File(io.BytesIO):
    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(data)
        self.name = name


def test_answers_in_a_table_are_complete(a_model: None) -> None:
    run = open_run("cnn")
    files = [File("a.png", png(build_drawing())), File("b.png", b"")]
    rows = summarise_predictions(classify_files(run, files, "auto"), {}, "cnn")
    assert [row["file"] for row in rows] == ["a.png", "b.png"]
    assert sum(rows[0][name] for name in CLASS_NAMES) == pytest.approx(1, abs=1e-5)
    assert (rows[0]["label"], rows[0]["sure"], rows[0]["error"]) == ("Ankle boot", True, None)
    assert rows[1]["label"] is None
    assert rows[1]["error"]
    assert len(list_runs()) == 2


def test_drawing_is_classified(a_model: None) -> None:
    rgba = np.dstack([build_drawing()] * 3 + [np.full((120, 120), 255, np.uint8)])
    answer = classify_picture(open_run("cnn"), "Drawing", rgba, "drawing")
    assert answer.prepared.image.shape == (28, 28)
    assert answer.prepared.image.max() > 100
    assert answer.verdict.label == 9
