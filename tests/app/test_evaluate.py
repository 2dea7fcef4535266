"""The Evaluate page, run without a browser on a small made-up data set and run."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.runs import Recipe, create_run, open_run
from fmnist.settings import PROJECT_DIR
from tests.support.evaluate_pages import open_page, write_run
from tests.support.label_issues import write_search
from tests.support.pages import TIMEOUT, cards, fake_pool, in_url, open_part, texts

pytestmark = pytest.mark.usefixtures("planted")


def test_figures_and_the_most_frequent_mistake_show_at_first(a_run: None) -> None:
    page = open_page()
    values = cards(page)
    assert values["Test accuracy"] == ("85.00%", "95% interval 79.39% to 89.29%")
    assert values["Mistakes"] == ("30", "of 200 test images")
    assert values["Validation accuracy"] == ("88.00%", "50 images")
    assert "Shirt classified as T-shirt/top: 4 images" in texts(page)
    assert "seed 7" in texts(page)
    assert in_url(page, "run") == "first"
    assert in_url(page, "cell") == "6-0"
    assert not page.info
    assert not page.error


def test_run_without_validation_is_shown_as_such(a_run: None) -> None:
    write_run("all", load_dataset().fingerprints["test"], validation_accuracy=None)
    for view in ("Confusion", "Learning"):
        page = open_page(run="all", view=view)
        values = cards(page)
        assert values["Test accuracy"][0] == "85.00%"
        assert values["Validation accuracy"] == ("–", "none kept for it")
        assert "epoch 2 of 3 kept, the last; not validated" in texts(page)
        assert not page.exception
    assert "This run trains on all images: none are left to watch." in texts(page)
    page = open_page()
    assert page.selectbox(key="evaluate_run").value == "first"  # the best by validation


def test_page_runs_within_the_app(a_run: None) -> None:
    app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=TIMEOUT).run()
    page = app.switch_page("pages/evaluate.py").run()
    assert not page.exception
    assert "Shirt classified as T-shirt/top" in texts(page)


def test_run_is_chosen(a_run: None) -> None:
    write_run("second", load_dataset().fingerprints["test"])
    page = open_page(run="first")
    assert page.selectbox(key="evaluate_run").value == "first"
    page.selectbox(key="evaluate_run").select("second").run()
    assert in_url(page, "run") == "second"


def test_unknown_run_in_the_url_is_reported(a_run: None) -> None:
    page = open_page(run="../nowhere")
    assert "no run named “../nowhere”" in page.warning[0].value
    assert in_url(page, "run") == "first"


@pytest.mark.parametrize(
    ("view", "words"), [("Per class", "Lowest F1: "), ("Trust", "expected calibration error")]
)
def test_other_views_say_what_they_show(a_run: None, view: str, words: str) -> None:
    page = open_page(view=view)
    assert words in texts(page)
    assert not page.error


@pytest.mark.parametrize("view", ["Confusion", "Mistakes"])
def test_run_of_another_data_set_shows_all_but_the_pictures(view: str) -> None:
    write_run("elsewhere", "0123")
    page = open_page(view=view)
    assert cards(page)["Test accuracy"][0] == "85.00%"
    assert "only its pictures are missing" in page.info[0].value
    assert "FMNIST" not in page.info[0].value
    assert "Test image 6." in texts(page)
    assert len(page.dataframe) == 1
    assert not page.error


def test_broken_archive_leaves_the_figures(tmp_path: Path) -> None:
    write_run("first", "0123")
    (tmp_path / "archive" / "train-images-idx3-ubyte.gz").write_bytes(b"broken")
    page = open_page()
    assert cards(page)["Test accuracy"][0] == "85.00%"
    assert "only its pictures are missing" in page.info[0].value


def test_no_finished_run_leads_to_training() -> None:
    create_run(Recipe("baseline"), run_id="queued")
    page = open_page()
    assert "No run is finished yet" in texts(page)
    assert not page.selectbox


def test_run_without_predictions_is_reported(a_run: None, tmp_path: Path) -> None:
    (tmp_path / "models" / "first" / "predictions.npz").unlink()
    page = open_page()
    assert "first kept no predictions" in page.error[0].value


def test_broken_report_is_reported_and_another_run_can_be_chosen(
    a_run: None, tmp_path: Path
) -> None:
    write_run("second", load_dataset().fingerprints["test"])
    (tmp_path / "models" / "second" / "report.json").write_text("{")
    page = open_page(run="second")
    assert "report.json" in page.error[0].value
    page.selectbox(key="evaluate_run").select("first").run()
    assert not page.error


def test_page_opens_on_the_best_run_and_hides_trials(a_run: None) -> None:
    test_set = load_dataset().fingerprints["test"]
    write_run("best", test_set, validation_accuracy=0.91)
    write_run("newer", test_set, validation_accuracy=0.9)
    write_run("trial", test_set, owner="study widths", validation_accuracy=0.99)
    page = open_page()
    picker = page.selectbox(key="evaluate_run")
    assert picker.value == "best"
    assert not any("trial" in option for option in picker.options)
    page.toggle(key="evaluate_run_trials").set_value(True).run()
    picker = page.selectbox(key="evaluate_run")
    assert sum("trial" in option for option in picker.options) == 1
    picker.select("trial").run()
    assert in_url(page, "run") == "trial"
    page.toggle(key="evaluate_run_trials").set_value(False).run()
    assert in_url(page, "run") == "best"
    assert not page.warning


def test_trial_in_the_url_is_shown(a_run: None) -> None:
    write_run("trial", load_dataset().fingerprints["test"], owner="study widths")
    page = open_page(run="trial")
    assert page.selectbox(key="evaluate_run").value == "trial"
    assert page.toggle(key="evaluate_run_trials").value
    assert not page.warning


def test_trust_shows_calibration_risk_and_prediction_sets(a_run: None) -> None:
    page = open_page(view="Trust", probabilities="With temperature", level="95%")
    values = {metric.label: (metric.value, metric.delta) for metric in page.metric}
    assert values["Temperature"][1] == "fitted on validation"
    assert "with temperature" in values["ECE"][1]
    assert "With at most 1% errors it can answer" in texts(page)
    assert "It contains the true class of" in texts(page)
    assert len(page.get("plotly_chart")) == 3


def test_trust_of_a_run_without_validation_says_what_is_missing(a_run: None) -> None:
    write_run("all", load_dataset().fingerprints["test"], validation_accuracy=None)
    page = open_page(run="all", view="Trust")
    assert "Prediction sets need validation images" in texts(page)
    assert len(page.get("plotly_chart")) == 2
    assert not page.error


def test_score_card_leaves_out_the_copies_that_labels_found(a_run: None) -> None:
    page = open_page(view="Score card")
    assert "known once *Labels* has searched" in texts(page)
    write_search()  # test image 4 is a copy of a training image
    page = open_page(view="Score card")
    values = {metric.label: (metric.value, metric.delta) for metric in page.metric}
    assert values["Without near copies"] == ("84.92%", "without 1 of 200 images")
    assert values["People"][0] == "83.50%"
    assert "published results" in texts(page)
    assert not page.error


def test_robustness_is_measured_on_a_click_and_then_shown(
    a_run: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pool(monkeypatch)  # every picture is an ankle boot
    page = open_page(view="Robustness")
    assert "has lost its model" in texts(page)
    (open_run("first").path / "model.keras").write_bytes(b"weights")
    page = open_page(view="Robustness")
    assert "Classifies 200 test images" in texts(page)
    page.button(key="robustness_measure").click().run()
    for _ in range(100):
        if page.get("plotly_chart"):
            break
        page.run()
    assert "200 test images, equally many of each class" in texts(page)
    assert len(page.get("plotly_chart")) == 1
    page.slider(key="robustness_severity").set_value(3).run()
    assert not page.error


def test_files_are_offered_when_their_menu_is_opened(a_run: None) -> None:
    page = open_page()
    assert not page.get("download_button")
    open_part(page, "evaluate_csv")
    assert [button.proto.label for button in page.get("download_button")] == [
        "Metrics",
        "Scores by class",
        "Confusion matrix",
        "Mistakes",
        "All predictions",
    ]
