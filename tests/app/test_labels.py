"""The Labels page, run without a browser on a small data set with planted issues."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.labels.folds import find_fold_runs
from fmnist.labels.search import open_label_search
from fmnist.labels.verdicts import Verdict, add_verdict, build_edits, load_verdicts, name_pair
from fmnist.runs import list_runs, open_run
from fmnist.runs.files import write_json
from fmnist.ui.shell import changes
from tests.support.evaluate_answers import make_answering_run
from tests.support.label_issues import write_fold_runs, write_scores, write_search
from tests.support.pages import fake_pool, find, hold_dispatcher, labels, open_page, texts
from tests.support.runs import make_run, write_launch

pytestmark = pytest.mark.usefixtures("planted")


@pytest.fixture(autouse=True)
def held(planted: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    fake_pool(monkeypatch)
    return hold_dispatcher(monkeypatch)


def press(app: AppTest, verdict: str) -> AppTest:
    return app.button(key=f"labels_{verdict}").click().run()


def latest() -> dict[tuple[str, int], Verdict]:
    return load_verdicts(load_dataset()).latest


def test_before_a_search_there_is_a_button_that_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(changes.label_check, "start_label_search", started.append)
    app = open_page("labels")
    assert "This list appears when the search is done." in texts(app)
    find(app.button, "Search").click().run()
    assert len(started) == 1
    assert "No image has been judged yet" in texts(open_page("labels", view="Verdicts"))


def test_networks_are_queued_by_a_click(held: list[int]) -> None:
    app = open_page("labels", view="Doubtful labels")
    assert "0 of 5 are trained, 0 wait or train" in texts(app)
    app = find(app.button, "Train 5 networks").click().run()
    assert "0 of 5 are trained, 5 wait or train" in texts(app)
    runs = find_fold_runs(load_dataset().fingerprints["train"])
    assert [run.recipe.validation_fold for run in runs if run] == [0, 1, 2, 3, 4]
    assert held


def test_a_failed_search_says_so() -> None:
    found = open_label_search(load_dataset())
    found.path.mkdir(parents=True)
    run = make_run("queued")
    write_launch(run, alive=False)
    (run.path / "launch.json").rename(found.launch_path)
    write_json(found.progress_path, {"what": "", "share": 0.0, "error": "No space."})
    app = open_page("labels")
    assert app.error[0].value == "No space."
    assert "Search" in labels(app)


def test_verdicts_by_button_and_undo() -> None:
    write_search()
    app = open_page("labels")
    assert "It leaks a test image into training." in texts(app)
    assert "0 of the 2 listed images have a verdict" in texts(app)
    find(app.text_input, "Reason (optional)").input("Leak.").run()
    press(app, "exclude")
    assert (latest()["train", 1].verdict, latest()["train", 1].reason) == ("exclude", "Leak.")
    assert "Equal to train no. 2" in texts(app)
    find(app.selectbox, "New label").select(0).run()
    press(app, "relabel")
    assert latest()["train", 3].label == 0
    assert "No image of this list is left to judge." in texts(app)
    press(app, "undo")
    assert list(latest()) == [("train", 1)]
    assert "Equal to train no. 2" in texts(app)
    press(app, "keep")
    assert latest()["train", 3].verdict == "keep"


def test_a_skipped_image_comes_again_at_the_end() -> None:
    write_search()
    app = open_page("labels")
    press(app, "skip")
    assert "Equal to train no. 2" in texts(app)
    press(app, "keep")
    assert "It leaks a test image into training." in texts(app)


def test_doubtful_labels_are_listed_with_what_the_networks_say() -> None:
    dataset = write_search()
    write_scores(dataset, write_fold_runs(dataset))
    app = open_page("labels", view="Doubtful labels", method="normalized_margin")
    assert "Networks that did not learn it give Sandal 1.0% and Shirt 91.0%" in texts(app)
    assert find(app.selectbox, "New label").value == 6
    app = open_page("labels", view="Confused classes")
    assert "agree with 98.0% of the training labels" in texts(app)


def test_a_test_image_is_judged_and_said_to_be_never_trained_on() -> None:
    write_search()
    app = open_page("labels", view="Outliers")
    assert "no training ever uses it" in texts(app)
    press(app, "exclude")
    app = open_page("labels", view="Verdicts")
    assert "No verdict changes the training set yet." in texts(app)


def test_training_with_and_without_ends_in_a_comparison(held: list[int]) -> None:
    dataset = load_dataset()
    add_verdict(dataset, Verdict("train", 1, "exclude"))
    app = open_page("labels", view="Verdicts")
    assert "0 kept, 0 relabelled, 1 excluded" in texts(app)
    find(app.button, "Train both").click().run()
    names = name_pair("quick", build_edits(load_verdicts(dataset)))
    without, with_edits = (open_run(name).recipe for name in names)
    assert (without.edits, without.seed) == ("", with_edits.seed)
    assert with_edits.edits.endswith(".json")
    assert "Train both" not in labels(app)

    for run in list_runs():
        run.path.rename(run.path.with_name(f".{run.run_id}"))
    answers = [i % 10 for i in range(40)]
    for name in names:
        make_answering_run(name, answers)
    app = open_page("labels", view="Verdicts")
    assert "does not show which of the two is more accurate" in texts(app)


def test_an_image_of_the_url_is_judged_again_and_again() -> None:
    app = open_page("labels", image="test-3")
    assert "**Labelled Dress.**" in texts(app)
    assert "No verdict yet." in texts(app)
    assert "no training ever uses it" in texts(app)
    press(app, "exclude")
    assert "Its verdict: exclude." in texts(app)
    find(app.selectbox, "New label").select(0).run()
    find(app.text_input, "Reason (optional)").input("A *top*.").run()
    press(app, "relabel")
    assert latest()["test", 3].label == 0
    assert r"Its verdict: relabel as T-shirt/top (A \*top\*.)." in texts(app)
    press(app, "undo")
    press(app, "undo")
    assert "No verdict yet." in texts(app)
    assert "Skip" not in labels(app)


def test_an_image_of_the_url_is_shown_with_what_the_search_found() -> None:
    dataset = write_search()
    write_scores(dataset, write_fold_runs(dataset))
    app = open_page("labels", image="train-5")
    assert "Networks that did not learn it give Sandal 1.0% and Shirt 91.0%" in texts(app)
    assert "Of its ten nearest training images, 1 are labelled" in texts(app)
    assert find(app.selectbox, "New label").value == 6
    find(app.button, "Show the lists").click().run()
    assert not app.query_params
    assert "0 of the 2 listed images have a verdict" in texts(app)


@pytest.mark.parametrize(
    "image", ["train-9999", "test--1", "test-1e9", "test-²", "both-1", "3", ""]
)
def test_an_image_that_does_not_exist_is_not_judged(image: str) -> None:
    write_search()
    app = open_page("labels", image=image)
    assert not app.error
    assert "It leaks a test image into training." in texts(app)


@pytest.mark.parametrize("value", ["", "x" * 100_000, "![b](http://evil.example/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    write_search()
    app = open_page("labels", view=value, method=value)
    assert not app.error
    assert "It leaks a test image into training." in texts(app)
