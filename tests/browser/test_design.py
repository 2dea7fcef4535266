"""A network is designed with keys and mouse, shared by its address, and seen block by block."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import TIMEOUT_MS, OpenTab, click_button, expect_state
from tests.support.browser_charts import expect_curve, expect_points, find_chart, find_curve
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

    def press(name: str) -> None:
        page.locator(f".st-key-design_{name} button").click()

    find_layer(page, "2. MaxPooling2D").click()
    expect(page.get_by_text("Layer 2: MaxPooling2D")).to_be_visible()
    press("down")
    expect(find_layer(page, "3. MaxPooling2D")).to_be_visible()
    press("up")
    expect(find_layer(page, "2. MaxPooling2D")).to_be_visible()
    press("remove")
    expect(find_layer(page, "2. MaxPooling2D")).to_have_count(0)
    press("undo")
    expect(find_layer(page, "2. MaxPooling2D")).to_be_visible()
    press("redo")
    expect(find_layer(page, "2. MaxPooling2D")).to_have_count(0)


def test_narrow_window_shows_a_layer_and_its_fields_together(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    size = {"width": 1024, "height": 768}
    page = open_tab(demo_server, "train?view=design", viewport=size).page
    place = page.locator(".st-key-design_list").bounding_box()
    field = page.get_by_label("Filters", exact=True).bounding_box()
    assert place is not None
    assert field is not None
    assert place["width"] > 600
    assert place["height"] <= 260
    assert field["y"] + field["height"] - place["y"] <= 600  # both are in a window of 768 pixels


def test_two_designs_stand_side_by_side(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "train?view=design").page
    other = page.get_by_role("combobox", name="Compare with")
    other.click()
    other.fill("compact")
    page.get_by_role("option", name="compact", exact=True).click()
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


def test_a_design_is_trained_for_a_minute_and_watched(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    own_server.start()
    page = open_tab(own_server, "train?view=design").page
    find_layer(page, "2. MaxPooling2D").click()
    expect(page.get_by_text("Layer 2: MaxPooling2D")).to_be_visible()
    page.locator(".st-key-design_remove button").click()
    expect(find_layer(page, "2. MaxPooling2D")).to_have_count(0)
    click_button(page, "Train 1 minute")
    expect(page).to_have_url(re.compile("[?&]run="))
    expect_curve(find_curve(page, "loss"), 2)
    expect_state(page, "finished", seconds=4 * TIMEOUT_MS / 1000)
    (run,) = [path for path in own_server.folders.models.glob("[!.]*") if path.is_dir()]
    assert page.url.endswith(f"run={run.name}")
    recipe = json.loads((run / "recipe.json").read_text())
    layers = [each["layer"] for each in json.loads(recipe["architecture"])]
    assert layers[:2] == ["Conv2D", "BatchNormalization"]
