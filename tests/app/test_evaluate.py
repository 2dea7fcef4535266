"""The Evaluate page, run without a browser on a small made-up data set and run."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.runs import Predictions, Recipe, Report, create_run
from fmnist.runs.files import write_json
from fmnist.settings import PROJECT_DIR
from tests.support.pages import fake_pool

N_TEST = 200
TRUE_LABELS = (np.arange(N_TEST) % 10).astype(np.uint8)
TIMEOUT = 60


def write_archive(folder: Path) -> None:
    rng = np.random.default_rng(0)
    for prefix, labels in (("train", TRUE_LABELS[:50]), ("t10k", TRUE_LABELS)):
        images = rng.integers(0, 256, (len(labels), 28, 28), np.uint8)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
            path = folder / f"{prefix}-{kind}-ubyte.gz"
            path.write_bytes(gzip.compress(header + array.tobytes()))


def build_probabilities() -> np.ndarray:
    """Right everywhere, but for 4 shirts classified as T-shirts and 26 that share other cells."""
    answers = TRUE_LABELS.copy()
    answers[[6, 16, 26, 36]] = 0
    answers[[9, 19]] = 7
    answers[np.arange(100, 124)] = (TRUE_LABELS[100:124] + 1) % 10
    proba = np.full((N_TEST, 10), 0.02, np.float32)
    proba[np.arange(N_TEST), answers] = 0.82
    return proba


def write_run(
    run_id: str, fingerprint: str, *, owner: str = "", validation_accuracy: float = 0.88
) -> None:
    run = create_run(Recipe("baseline"), run_id=run_id, owner=owner)
    proba = build_probabilities()
    Predictions(
        val_index=np.arange(50),
        val_true=TRUE_LABELS[:50],
        val_proba=proba[:50],
        test_true=TRUE_LABELS,
        test_proba=proba,
        test_fingerprint=fingerprint,
        train_fingerprint="t",
    ).save(run.path / "predictions.npz")
    report = Report(
        network="baseline",
        parameters=1234,
        seed=7,
        best_epoch=2,
        epochs_run=3,
        n_train=450,
        n_validation=50,
        n_test=N_TEST,
        validation={"accuracy": validation_accuracy, "loss": 0.4},
        test={"accuracy": 0.85, "loss": 0.5},
        data={"kind": "idx", "test": fingerprint},
        seconds=12.3,
        hardware={"processor": "A processor", "cores": 2, "accelerators": []},
        versions={},
        created="2026-01-02T03:04:05+00:00",
        command="python -m fmnist train --network baseline",
    )
    write_json(run.report_path, report.to_dict())


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("archive", "cache", "models"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"FMNIST_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    write_archive(tmp_path / "archive")


@pytest.fixture
def a_run() -> None:
    write_run("first", load_dataset().fingerprints["test"])


def open_page(**query: str) -> AppTest:
    page = AppTest.from_file(str(PROJECT_DIR / "pages" / "evaluate.py"), default_timeout=TIMEOUT)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def in_url(page: AppTest, name: str) -> str:
    """Return a query parameter, which AppTest gives as a list unless the page has set it."""
    value = page.query_params[name]
    return value if isinstance(value, str) else value[-1]


def texts(page: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "error", "info")
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def test_figures_and_the_most_frequent_mistake_show_at_first(a_run: None) -> None:
    page = open_page()
    values = {metric.label: (metric.value, metric.delta) for metric in page.metric}
    assert values["Test accuracy"] == ("85.00%", "95% interval 79.39% to 89.29%")
    assert values["Mistakes"] == ("30", "of 200 test images")
    assert values["Validation accuracy"] == ("88.00%", "50 images")
    assert "Shirt classified as T-shirt/top: 4 images" in texts(page)
    assert "seed 7" in texts(page)
    assert in_url(page, "run") == "first"
    assert in_url(page, "cell") == "6-0"
    assert not page.info
    assert not page.error


def test_page_runs_within_the_app(a_run: None) -> None:
    app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=TIMEOUT).run()
    page = app.switch_page("pages/evaluate.py").run()
    assert not page.exception
    assert "Shirt classified as T-shirt/top" in texts(page)


def test_cell_is_picked_by_keyboard_and_kept_in_the_url(a_run: None) -> None:
    page = open_page()
    page.selectbox(key="evaluate_true").select(9)
    page.selectbox(key="evaluate_predicted").select(7).run()
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)
    assert in_url(page, "cell") == "9-7"


def test_cell_is_restored_from_the_url(a_run: None) -> None:
    page = open_page(run="first", cell="9-7")
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)
    assert page.selectbox(key="evaluate_true").value == 9
    assert not page.warning


@pytest.mark.parametrize("cell", ["9-17", "a-b", "6", "", "²-3", "-1-3"])
def test_cell_that_does_not_exist_is_told(a_run: None, cell: str) -> None:
    page = open_page(cell=cell)
    assert "is not a cell" in page.warning[0].value
    assert in_url(page, "cell") == "6-0"


def test_empty_cell_says_so(a_run: None) -> None:
    assert "No image falls into this cell" in texts(open_page(cell="1-9"))


def test_correct_cell_shows_its_items(a_run: None) -> None:
    assert "Trouser classified correctly: 17 images" in texts(open_page(cell="1-1"))


def test_item_of_a_cell_is_chosen_by_keyboard(a_run: None) -> None:
    page = open_page(cell="6-0")
    assert "Test image 6." in texts(page)
    page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").select_index(3).run()
    assert "Test image 26." in texts(page)


def test_run_is_chosen(a_run: None) -> None:
    write_run("second", load_dataset().fingerprints["test"])
    page = open_page(run="first")
    assert page.selectbox(key="evaluate_run").value == "first"
    page.selectbox(key="evaluate_run").select("second").run()
    assert in_url(page, "run") == "second"


def test_unknown_run_in_the_url_is_told(a_run: None) -> None:
    page = open_page(run="../nowhere")
    assert "no run named “../nowhere”" in page.warning[0].value
    assert in_url(page, "run") == "first"


def test_mistakes_are_filtered_ranked_and_paged(a_run: None) -> None:
    page = open_page(view="Mistakes")
    assert "**30 mistakes**" in texts(page)
    assert "Test image 6." in texts(page)
    page.selectbox(key="evaluate_filter_true").select(6).run()
    assert "**6 mistakes**" in texts(page)
    page.selectbox(key="evaluate_filter_predicted").select(7).run()
    assert "**2 mistakes**" in texts(page)
    assert "Test image 106." in texts(page)
    page.selectbox(key="evaluate_filter_predicted").select(1).run()
    assert "No mistake passes these filters" in texts(page)


@pytest.mark.parametrize(
    ("view", "words"), [("Per class", "Lowest F1: "), ("Confidence", "expected calibration error")]
)
def test_other_views_say_what_they_show(a_run: None, view: str, words: str) -> None:
    page = open_page(view=view)
    assert words in texts(page)
    assert not page.error


@pytest.mark.parametrize("view", ["Confusion", "Mistakes"])
def test_run_of_another_data_set_shows_all_but_the_pictures(view: str) -> None:
    write_run("elsewhere", "0123")
    page = open_page(view=view)
    assert page.metric[0].value == "85.00%"
    assert "only its pictures are missing" in page.info[0].value
    assert "FMNIST" not in page.info[0].value
    assert "Test image 6." in texts(page)
    assert len(page.dataframe) == 1
    assert not page.error


def test_broken_archive_leaves_the_figures(tmp_path: Path) -> None:
    write_run("first", "0123")
    (tmp_path / "archive" / "train-images-idx3-ubyte.gz").write_bytes(b"broken")
    page = open_page()
    assert page.metric[0].value == "85.00%"
    assert "only its pictures are missing" in page.info[0].value


def test_no_finished_run_leads_to_training() -> None:
    create_run(Recipe("baseline"), run_id="queued")
    page = open_page()
    assert "No run is finished yet" in texts(page)
    assert not page.selectbox


def test_run_without_predictions_is_told(a_run: None, tmp_path: Path) -> None:
    (tmp_path / "models" / "first" / "predictions.npz").unlink()
    page = open_page()
    assert "first kept no predictions" in page.error[0].value


def test_broken_report_is_told_and_another_run_can_be_chosen(a_run: None, tmp_path: Path) -> None:
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


def test_prediction_for_an_item_is_explained_when_asked(
    a_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "first" / "model.keras").touch()
    fake_pool(monkeypatch)
    page = open_page(cell="6-0")
    page.toggle(key="evaluate_cell_item_explain_on").set_value(True).run()
    assert not page.error
    choice = page.segmented_control(key="evaluate_cell_item_explain")
    assert choice.value == "occlusion"
    assert "lowers the probability of T-shirt/top" in texts(page)
    choice.set_value("agreement").run()
    assert "**1 of 1** networks predict Ankle boot" in texts(page)


def test_boxes_start_at_the_cell_in_every_rerun(a_run: None) -> None:
    """A browser that draws the page after a second run only must show what Python computes with."""
    page = open_page(cell="9-7")
    page.run()
    starts = [
        page.selectbox(key=f"evaluate_{name}").proto.default for name in ("true", "predicted")
    ]
    assert starts == [9, 7]
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)


def test_chosen_picture_is_what_its_box_starts_at_in_every_rerun(a_run: None) -> None:
    page = open_page(cell="6-0")
    page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").select_index(3).run()
    page.run()
    assert page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").proto.default == 3
