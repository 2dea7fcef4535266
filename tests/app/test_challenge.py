"""You against the model, without a browser: a round on a small data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.ui.challenge.round import Round
from tests.support import evaluate_pages
from tests.support.archives import write_idx
from tests.support.pages import fake_pool, find, labels, metrics, open_page, read_state, texts

CLASSES = 10


@pytest.fixture(autouse=True)
def fake(planted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pool(monkeypatch)


def start(run_id: str = "first") -> AppTest:
    app = open_page("challenge", run=run_id, round="5")
    return find(app.button, "Start").click().run()


def play(app: AppTest, answers: list[int]) -> AppTest:
    for label in answers:
        app = app.button(key=f"challenge_{label}").click().run()
    return app


def read_messages(app: AppTest) -> list[bytes]:
    """Return all that the server sends of a page."""
    return [
        node.proto.SerializeToString(deterministic=True)
        for block in (app.main, app.sidebar)
        for node in block
        if getattr(node, "proto", None) is not None
    ]


def test_page_before_the_click_is_the_same_whatever_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two data sets of the same images with other labels: nothing on the page may differ."""
    evaluate_pages.write_run("first", load_dataset().fingerprints["test"])
    first = start()
    shown = read_messages(first)
    truth = read_state(first, Round).challenge
    assert len(shown) > 15

    rng = np.random.default_rng(0)  # as in evaluate_pages.write_archive
    arrays = {}
    rolled = (evaluate_pages.TRUE_LABELS + 3) % CLASSES
    for split, given in (("train", rolled[:50]), ("test", rolled)):
        arrays[f"x_{split}"] = rng.integers(0, 256, (len(given), 28, 28), np.uint8)
        arrays[f"y_{split}"] = given
    write_idx(tmp_path / "archive", arrays)
    fake_pool(monkeypatch)  # forgets the data set
    monkeypatch.setattr(evaluate_pages, "TRUE_LABELS", rolled)
    evaluate_pages.write_run("second", load_dataset().fingerprints["test"])
    (tmp_path / "models" / "first").rename(tmp_path / "first")
    (tmp_path / "models" / "second").rename(tmp_path / "models" / "first")
    second = start()
    other = read_state(second, Round).challenge
    np.testing.assert_array_equal(other.rows, truth.rows)
    np.testing.assert_array_equal(other.y_true, (truth.y_true + 3) % CLASSES)
    assert read_messages(second) == shown
    # An answer brings the truth.
    assert read_messages(play(second, [0])) != read_messages(play(first, [0]))


def test_round_ends_with_both_scores() -> None:
    evaluate_pages.write_run("first", load_dataset().fingerprints["test"])
    app = start()
    challenge = read_state(app, Round).challenge
    wrong = (int(challenge.y_true[0]) + 1) % 10
    app = play(app, [wrong])
    assert "Image 1 is labelled" in texts(app)
    app = play(app, challenge.y_true[1:].tolist())
    playing = read_state(app, Round)
    assert len(playing.seconds) == 20
    assert min(playing.seconds) > 0
    assert metrics(app)["You"] == "19 of 20"
    right = int((challenge.y_network == challenge.y_true).sum())
    assert app.header[0].value == f"You win, 19 to {right} of 20"
    assert metrics(app)["first"] == f"{right} of 20"
    assert len(app.get("download_button")) == 1
    assert list(app.dataframe[0].value["Label"]) != list(app.dataframe[0].value["You"])
    app = find(app.button, "Play another round").click().run()
    assert read_state(app, Round).seed != 5
    assert not read_state(app, Round).answers


def test_second_click_on_an_image_counts_for_nothing() -> None:
    playing = Round()
    playing.answer(0, 3)
    playing.answer(0, 4)
    assert playing.answers == [3]


def test_other_data_are_reported() -> None:
    evaluate_pages.write_run("first", "another test set")
    assert "another data set is in use" in texts(start())


def test_without_runs_there_is_a_way_to_train_one() -> None:
    assert "No run is finished yet" in texts(open_page("challenge"))


def test_run_without_predictions_says_so(tmp_path: Path) -> None:
    evaluate_pages.write_run("first", load_dataset().fingerprints["test"])
    (tmp_path / "models" / "first" / "predictions.npz").unlink()
    app = start()
    assert "Start" in labels(app)
    assert "kept no predictions" in app.toast[0].value
