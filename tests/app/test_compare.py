"""The Compare page, run without a browser on runs with planted answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.runs import load_decision, open_run
from tests.support.evaluate_answers import make_answering_run
from tests.support.pages import find, in_url, metrics, open_page, open_part, texts

RIGHT = [i % 10 for i in range(40)]
WORSE = [(k + 1) % 10 if i < 12 else k for i, k in enumerate(RIGHT)]

pytestmark = pytest.mark.usefixtures("spawned")


@pytest.fixture(autouse=True)
def runs(spawned: list[int]) -> None:
    make_answering_run("worse", WORSE)
    make_answering_run("right", RIGHT, validation={"accuracy": 0.99, "loss": 0.1})


def open_compare(**query: str) -> AppTest:
    app = open_page("compare", **({"a": "worse", "b": "right"} | query))
    assert not app.exception
    return app


def test_the_best_run_is_b_and_the_conclusion_stands_first() -> None:
    app = open_page("compare")
    assert (in_url(app, "a"), in_url(app, "b")) == ("worse", "right")
    assert "right is more accurate than worse" in texts(app)
    values = metrics(app)
    assert values["Fixed by B"] == "12"
    assert values["Broken by B"] == "0"
    assert values["McNemar"] == "p < 0.001"
    open_part(app, "compare_markdown")
    assert "| worse wrong | 12 | 0 |" in app.code[0].value
    assert "A and B predict different classes for 12 of 40 test images" in texts(app)


def test_by_default_the_best_run_is_compared_with_one_on_the_same_items() -> None:
    make_answering_run(
        "newest", RIGHT, fingerprint="demo", data={"kind": "demo", "test": "demo"},
        validation={"accuracy": 0.5, "loss": 1.0},
    )  # fmt: skip
    app = open_page("compare")
    assert not app.error
    assert (in_url(app, "a"), in_url(app, "b")) == ("worse", "right")


def test_the_cell_of_the_url_lists_its_images() -> None:
    app = open_compare(cell="1-0")
    assert "**A: Trouser, B: T-shirt/top: 2 images**" in texts(app)
    assert in_url(app, "cell") == "1-0"


def test_outcomes_filter_the_images() -> None:
    app = open_compare(outcome="Fixed by B")
    assert "Fixed by B: 12 of 40 test images." in texts(app)
    app = open_compare(outcome="Both wrong")
    assert "No image has this outcome" in texts(app)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("By class", "No class differs beyond chance"),
        ("Figures", "Expected calibration error"),
        ("All pairs", "1 of 1 pairs differ beyond chance"),
        ("Decision", "No clear difference"),
    ],
)
def test_other_views_say_what_they_show(view: str, words: str) -> None:
    app = open_compare(view=view, choose="A" if view == "Decision" else "B")
    if view == "Decision":
        words = "30.00 percentage points below that of right"
    assert words in texts(app)
    assert not app.error


def test_further_runs_make_a_table_of_all_pairs() -> None:
    make_answering_run("third", RIGHT)
    app = open_page("compare", a="worse", b="right", view="All pairs", **{"with": "third"})
    assert "2 of 3 pairs differ beyond chance" in texts(app)


def test_runs_on_different_items_are_refused() -> None:
    make_answering_run("elsewhere", RIGHT, fingerprint="x")
    app = open_compare(b="elsewhere")
    assert "worse and elsewhere were tested on different items" in app.error[0].value


def test_a_run_is_not_compared_with_itself() -> None:
    assert "A and B are the same run" in texts(open_compare(b="worse"))


def test_one_run_leads_to_training(isolated: Path) -> None:
    open_run("worse").report_path.unlink()
    app = open_page("compare")
    assert "Two finished runs are needed" in texts(app)


def test_a_decision_is_kept_with_its_reason_and_shown() -> None:
    app = open_compare(view="Decision")
    reason = find(app.text_area, "Reason")
    reason.input("It is the better one.")
    find(app.button, "Record the decision").click().run()
    kept = load_decision(open_run("right"))
    assert kept is not None
    assert kept.over == ("worse",)
    assert kept.reason == "It is the better one."
    assert any("above that of worse" in fact for fact in kept.facts_for)
    assert "right was chosen over worse" in texts(app)
    assert "It is the better one." in texts(open_page("evaluate", run="right"))


def test_a_decision_without_a_reason_is_reported() -> None:
    app = open_compare(view="Decision")
    find(app.button, "Record the decision").click().run()
    assert load_decision(open_run("right")) is None
    assert any("The reason has 0 characters" in toast.value for toast in app.toast)


@pytest.mark.parametrize("value", ["../..", "", "x" * 100_000, "![b](http://evil.example/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    app = open_page(
        "compare", a=value, b=value, view=value, outcome=value, cell=value, choose=value
    )
    assert not app.error
    assert (in_url(app, "a"), in_url(app, "b")) == ("worse", "right")
    assert "http://" not in texts(app).replace("\\", "")
