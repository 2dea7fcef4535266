"""A study is started by clicking, watched, stopped, resumed, and its winner is used."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import TIMEOUT_MS, OpenTab, expect_idle, expect_title
from tests.support.server import LabServer

TRIALS = 2
RUN_MS = 4 * TIMEOUT_MS
"""How long a run of one epoch may take: most of it is the import of TensorFlow."""


def fill(page: Page, label: str, value: int) -> None:
    """Fill in a number and wait until the page has taken it."""
    number = page.get_by_label(label, exact=True)
    number.fill(str(value))
    number.blur()
    expect_idle(page)


def choose_baseline(page: Page) -> None:
    page.get_by_role("combobox", name="Start from the recipe of").click()
    page.get_by_role("option", name="Baseline").click()
    expect_idle(page)
    fill(page, "Epochs", 1)


def expect_metric(page: Page, label: str, value: re.Pattern[str]) -> None:
    # While a page is drawn again, the element it replaces may still stand below the new one.
    metric = page.get_by_test_id("stMetric").filter(has_text=label).first
    expect(metric.get_by_test_id("stMetricValue")).to_have_text(value, timeout=RUN_MS)


@pytest.mark.slow
def test_a_small_sweep_is_watched_stopped_resumed_and_its_winner_used(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    own_server.start()
    tab = open_tab(own_server, "study")
    page = tab.page
    expect(page.get_by_text("No study yet")).to_be_visible()
    choose_baseline(page)
    fill(page, "Trials", TRIALS)
    page.get_by_role("button", name="Start the study").click()
    expect(page).to_have_url(re.compile("study=baseline-sweep-"))
    expect_metric(page, "Trials done", re.compile(f"^0 of {TRIALS}$"))
    expect(page.get_by_text(re.compile(r"^Trial 1 of 2: "))).to_be_visible()

    expect_metric(page, "Trials done", re.compile(f"^1 of {TRIALS}$"))
    expect_metric(page, "Best validation", re.compile(r"^\d+\.\d\d%$"))
    expect(page.get_by_text("Best so far: trial 1")).to_be_visible()
    page.get_by_role("button", name="Stop the study").click()
    expect(page.get_by_text("Stopped. Resume continues")).to_be_visible()

    page.reload()
    tab.wait_for_page("Study")
    expect(page.get_by_text("Stopped. Resume continues")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect_metric(page, "Trials done", re.compile(f"^{TRIALS} of {TRIALS}$"))
    expect(page.get_by_text("finished", exact=True).first).to_be_visible()

    for view in ("By setting", "Parallel coordinates"):
        page.get_by_role("radio", name=view).click()
        expect(page.get_by_text({"By setting": "Accuracy by setting"}.get(
            view, "Settings and accuracy of each trial"
        ))).to_be_visible()  # fmt: skip
    page.get_by_role("radio", name="Importance").click()
    expect(page.get_by_text("Importance needs 6 finished trials (2 so far")).to_be_visible()

    page.get_by_role("button", name="Use these settings").click()
    expect_title(page, "Train")
    expect_idle(page)
    expect(page.get_by_text("Filled in with the recipe from the page before.")).to_be_visible()
    expect(page.get_by_text("train --network baseline")).to_be_visible()
    runs = {path.name for path in own_server.folders.models.glob("[!.]*")}
    assert {name[-5:] for name in runs} == {"-t001", "-t002"}


@pytest.mark.slow
def test_a_recipe_is_repeated_deleted_and_brought_back(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    own_server.start()
    page = open_tab(own_server, "study").page
    page.get_by_role("radio", name="Repeat seeds").click()
    expect_idle(page)
    choose_baseline(page)
    fill(page, "Seeds", 2)
    page.get_by_role("button", name="Start the study").click()
    expect(page).to_have_url(re.compile("study=baseline-repeat-"))
    expect_metric(page, "Test accuracy, 2 seeds", re.compile(r"^\d+\.\d\d ± \d+\.\d\d%$"))
    expect(page.get_by_text(re.compile(r"^95% interval -?\d+")).first).to_be_visible()

    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the study").click()
    expect(page.get_by_text("No study yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect_metric(page, "Test accuracy, 2 seeds", re.compile(r"±"))


def test_narrow_window_needs_no_sideways_scrolling(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    own_server.start()
    page = open_tab(own_server, "study", viewport={"width": 400, "height": 800}).page
    page.get_by_text("Augmentation", exact=True).click()
    expect_idle(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.slow
@pytest.mark.parametrize(("width", "is_beside"), [(1400, True), (1024, False)])
def test_the_form_has_room(
    demo_server: LabServer, open_tab: OpenTab, width: int, is_beside: bool
) -> None:
    page = open_tab(demo_server, "study", viewport={"width": width, "height": 900}).page
    form, results = (
        page.get_by_test_id("stColumn").filter(has_text=text).bounding_box()
        for text in ("New study", "No study yet")
    )
    assert form is not None
    assert results is not None
    assert form["width"] > 250
    assert (results["x"] >= form["x"] + form["width"]) == is_beside
