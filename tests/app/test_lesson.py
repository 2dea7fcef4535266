"""The guided lesson: a card on each step's page, led by the URL."""

from __future__ import annotations

import re

import pytest

from fmnist.settings import PROJECT_DIR
from fmnist.ui.shell.lesson import STEPS
from tests.support.pages import find, open_page, texts

pytestmark = pytest.mark.usefixtures("spawned")


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_each_step_stands_on_its_page_and_leads_to_its_neighbours(number: int) -> None:
    step = STEPS[number - 1]
    app = open_page(step.page, lesson=str(number), **step.query)
    assert f"Step {number} of 7: {step.title}." in texts(app)
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    assert links.get("Back", f"lesson={number - 1}").startswith(f"lesson={number - 1}")
    assert ("Back" in links) == (number > 1)
    assert links.get("Next step", f"lesson={number + 1}").startswith(f"lesson={number + 1}")
    assert ("Next step" in links) == (number < len(STEPS))


def test_leaving_removes_the_card_and_the_parameter() -> None:
    app = open_page("samples", lesson="1")
    find(app.button, "Leave the lesson").click().run()
    assert "Step 1 of 7" not in texts(app)
    assert "lesson" not in app.query_params


@pytest.mark.parametrize("value", ["0", "8", "-1", "x", "1e9", ""])
def test_other_values_are_no_lesson(value: str) -> None:
    assert "of 7:" not in texts(open_page("samples", lesson=value))


def test_overview_leads_to_the_first_step() -> None:
    links = {
        link.proto.label: link.proto.query_string for link in open_page("overview").get("page_link")
    }
    (query,) = [query for label, query in links.items() if "lesson" in label]
    assert query == "lesson=1"


def test_what_a_step_names_can_be_pressed_or_filled_in() -> None:
    step = next(step for step in STEPS if step.page == "train")
    app = open_page("train", network="baseline")
    shown = {each.label for each in (*app.button, *app.number_input)}
    assert set(re.findall(r"\*(.+?)\*", step.task)) <= shown


def test_every_step_has_a_page() -> None:
    assert all((PROJECT_DIR / "pages" / f"{step.page}.py").is_file() for step in STEPS)
