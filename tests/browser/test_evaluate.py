"""A cell of the confusion matrix is clicked, its items appear, and the address keeps them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.browser_charts import find_bars, find_cell
from tests.support.browser_predict import drag
from tests.support.server import LabServer

CELL = (0, 0)
"""T-shirts classified correctly: even a tiny network gets some of them right."""


def expect_cell(page: Page, run_id: str) -> None:
    """Wait until the page and its address show the cell, with the pictures of its items."""
    true_label, predicted_label = CELL
    expect(page).to_have_url(re.compile(rf"run={run_id}&cell={true_label}-{predicted_label}$"))
    expect(page.get_by_text("T-shirt/top classified correctly:")).to_be_visible()
    sheet = page.locator(f"[class*=st-key-evaluate_cell_{true_label}_{predicted_label}_sheet]")
    expect(sheet.locator(".sheet button").first).to_be_visible()
    expect(find_bars(page, "evaluate_cell_item")).to_have_count(10)


def test_a_clicked_cell_shows_its_items(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny&cell=6-0")
    expect(tab.page.get_by_text("Shirt classified as T-shirt/top:")).to_be_visible()
    find_cell(tab.page, "evaluate_matrix", *CELL).click()
    expect_cell(tab.page, "tiny")
    tab.check()

    tab.page.reload()
    expect_idle(tab.page)
    expect_cell(tab.page, "tiny")


def test_a_drawing_is_classified_by_the_run(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny")
    page = tab.page
    page.get_by_text("Try this run: draw a garment").click()
    canvas = page.locator("[class*=st-key-try_canvas] canvas.upper-canvas")
    drag(page, canvas, [(60, 60), (220, 80), (80, 200), (220, 220)])
    expect(find_bars(page, "try_bars")).to_have_count(10)
    tab.check()


@pytest.mark.slow
def test_a_projector_shows_the_whole_matrix(demo_server: LabServer, open_tab: OpenTab) -> None:
    size = {"width": 1024, "height": 768}
    page = open_tab(demo_server, "evaluate?run=tiny&present=1", viewport=size).page
    box = find_cell(page, "evaluate_matrix", 9, 9).bounding_box()
    place = page.locator(".st-key-evaluate_matrix").bounding_box()
    assert box is not None
    assert place is not None
    assert box["y"] + box["height"] <= 768
    assert box["x"] + box["width"] <= place["x"] + place["width"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "key"),
    [("evaluate?run=tiny", "evaluate_matrix"), ("compare?a=baseline&b=cnn", "compare_matrix")],
)
def test_a_narrow_window_shows_the_whole_matrix(
    demo_server: LabServer, open_tab: OpenTab, path: str, key: str
) -> None:
    page = open_tab(demo_server, path, viewport={"width": 1024, "height": 768}).page
    cell, place = (
        find_cell(page, key, 9, 9).bounding_box(),
        page.locator(f".st-key-{key}").bounding_box(),
    )
    assert cell is not None
    assert place is not None
    assert cell["x"] + cell["width"] <= place["x"] + place["width"]


def test_a_cell_is_found_and_chosen_by_arrow_keys(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny&cell=1-1")
    page = tab.page
    start = find_cell(page, "evaluate_matrix", 1, 1)
    expect(start).to_have_attribute("aria-pressed", "true")
    matrix = page.locator(".st-key-evaluate_matrix")
    expect(matrix.locator('button[tabindex="0"]')).to_have_count(1)
    start.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft"):  # one too many: the matrix ends there
        page.keyboard.press(key)
    target = find_cell(page, "evaluate_matrix", *CELL)
    expect(target).to_be_focused()
    note = matrix.locator(".note")
    expect(note).to_have_text(re.compile(r"^T-shirt/top classified as T-shirt/top: \d+ images, "))
    expect(note).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("T-shirt/top classified correctly:")).to_be_visible()
    expect(target).to_have_attribute("aria-pressed", "true")
    expect(target).to_be_focused()  # so that the arrow keys go on from there
    tab.check()


def test_a_cell_says_what_it_means_under_the_mouse(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "evaluate?run=tiny").page
    find_cell(page, "evaluate_matrix", 6, 0).hover()
    note = page.locator(".st-key-evaluate_matrix .note")
    expect(note).to_have_text(re.compile(r"^Shirt classified as T-shirt/top: \d+ images, "))
    expect(note).to_be_in_viewport(ratio=1)
    page.get_by_role("heading", level=1).hover()
    expect(note).to_be_hidden()


def test_a_cell_is_chosen_by_keyboard(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny&cell=6-0")
    for label in ("True class", "Predicted class"):
        box = tab.page.get_by_role("combobox", name=label)
        box.focus()
        box.press("ControlOrMeta+a")
        box.press_sequentially("T-shirt")
        box.press("Enter")
        expect_idle(tab.page)
    expect_cell(tab.page, "tiny")


def test_an_item_is_explained(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny&cell=0-0")
    expect_idle(tab.page)
    tab.page.get_by_text("Explain this prediction").click()
    tab.page.get_by_role("radio", name="Occlusion").click()
    expect(tab.page.get_by_text("covering this part lowers", exact=False)).to_be_visible()
    tab.page.get_by_role("radio", name="Small changes").click()
    expect(tab.page.get_by_text("small changes leave the prediction", exact=False)).to_be_visible()
