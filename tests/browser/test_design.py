"""A network is designed with keys and mouse, shared by its address, and seen block by block."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import OpenTab, click_button
from tests.support.browser_charts import expect_points, find_chart
from tests.support.server import LabServer

pytestmark = pytest.mark.slow


def find_layer(page: Page, text: str) -> Locator:
    """Return a line of the list of layers."""
    return page.get_by_role("radiogroup", name="Layers, from the image on").get_by_text(text)


def test_layers_are_moved_and_added_and_the_address_shares_them(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train?view=design").page
    find_layer(page, "2. MaxPooling2D").click()
    expect(page.get_by_text("Layer 2: MaxPooling2D")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(find_layer(page, "1. MaxPooling2D")).to_be_visible()
    page.get_by_role("combobox", name="Insert a layer after this one").click()
    page.get_by_role("option", name="Dropout").click()
    expect(find_layer(page, "2. Dropout")).to_be_visible()
    expect(page).to_have_url(re.compile("design="))
    other = open_tab(demo_server, page.url.removeprefix(f"{demo_server.url}/")).page
    expect(find_layer(other, "1. MaxPooling2D")).to_be_visible()
    expect(find_layer(other, "2. Dropout")).to_be_visible()
    page.keyboard.press("Alt+z")
    expect(find_layer(page, "2. Conv2D")).to_be_visible()


def test_layers_are_moved_removed_and_brought_back_by_buttons(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train?view=design").page
    find_layer(page, "2. MaxPooling2D").click()
    expect(page.get_by_text("Layer 2: MaxPooling2D")).to_be_visible()
    click_button(page, "Down")
    expect(find_layer(page, "3. MaxPooling2D")).to_be_visible()
    click_button(page, "Up")
    expect(find_layer(page, "2. MaxPooling2D")).to_be_visible()
    click_button(page, "Remove")
    expect(find_layer(page, "2. MaxPooling2D")).to_have_count(0)
    click_button(page, "Undo")
    expect(find_layer(page, "2. MaxPooling2D")).to_be_visible()
    click_button(page, "Redo")
    expect(find_layer(page, "2. MaxPooling2D")).to_have_count(0)


def test_two_designs_stand_side_by_side(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "train?view=design").page
    other = page.get_by_role("combobox", name="Compare with")
    other.click()
    page.get_by_role("option", name="compact").click()
    expect(page.get_by_text(re.compile(r"^\d+ lines differ\. This design has "))).to_be_visible()
    page.get_by_role("link", name="Race both on Runs").click()
    expect(page).to_have_url(re.compile("runs=cnn%2Ccompact"))
    expect_points(find_chart(page, "runs_accuracy"), 20)


def test_block_is_chosen_by_a_click_on_its_images(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train?view=design&image=3").page
    maps = page.get_by_alt_text("8 of the 64 maps after layer 7")
    maps.scroll_into_view_if_needed()
    maps.click()
    expect(page.get_by_text("Layer 5: Conv2D")).to_be_visible()
    expect(page.get_by_text(re.compile("What training image 3 .* becomes in cnn"))).to_be_visible()
