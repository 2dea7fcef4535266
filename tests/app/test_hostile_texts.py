"""Texts of other people stay texts on every page."""

from __future__ import annotations

import pytest

from tests.support.browser import PAGES
from tests.support.hostile import (
    AUTOLINK,
    READ_AS_HTML,
    READ_AS_MARKUP,
    SHORT,
    TEXT,
    list_html,
    list_shown,
    make_hostile_runs,
)
from tests.support.pages import open_page, texts
from tests.support.uploads import open_upload

RUNS = (AUTOLINK, "_failed_", "running", "__waits__", TEXT)


@pytest.fixture(autouse=True)
def hostile_runs(controlled: list[str]) -> None:
    make_hostile_runs()


def assert_shown_as_text(app: object) -> None:
    found = [text for text in list_shown(app) if READ_AS_MARKUP.search(text)]
    assert found == []
    assert [html for html in list_html(app) if READ_AS_HTML.search(html)] == []


def test_the_check_finds_what_it_should() -> None:
    assert len(READ_AS_MARKUP.findall(TEXT)) == 12
    assert READ_AS_HTML.search(TEXT)
    assert READ_AS_MARKUP.search(SHORT)
    assert READ_AS_MARKUP.search(AUTOLINK)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_them_as_markup(page: str) -> None:
    assert_shown_as_text(open_page(page))


@pytest.mark.parametrize("run", RUNS)
def test_no_run_is_read_as_markup(run: str) -> None:
    app = open_page("train", run=run)
    assert_shown_as_text(app)
    assert "evil" in texts(app)


@pytest.mark.parametrize("view", ["Curves", "Recipes", "Seeds"])
def test_chosen_runs_are_not_read_as_markup(view: str) -> None:
    assert_shown_as_text(open_page("runs", runs=",".join(RUNS), view=view))


@pytest.mark.parametrize(
    "view", ["Confusion", "Per class", "Trust", "Score card", "Robustness", "Mistakes", "Learning"]
)
def test_a_report_is_not_read_as_markup(view: str) -> None:
    app = open_page("evaluate", run=AUTOLINK, view=view, cell=TEXT)
    assert_shown_as_text(app)
    assert "evil" in texts(app)


def test_the_name_of_an_upload_is_not_read_as_markup() -> None:
    app = open_upload((TEXT, b"no picture"))
    assert_shown_as_text(app)
    assert "evil" in texts(app)
