"""Samples in the browser: the images fill the window, and a click shows one large."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import OpenTab
from tests.support.browser_charts import find_chart
from tests.support.server import LabServer

pytestmark = pytest.mark.slow


def count_in_first_row(images: Locator) -> int:
    return int(
        images.evaluate_all(
            """all => all.filter(
                one => one.getBoundingClientRect().top === all[0].getBoundingClientRect().top
            ).length"""
        )
    )


@pytest.mark.parametrize(("width", "least", "most"), [(400, 3, 4), (1400, 6, 8), (1920, 9, 12)])
def test_a_row_has_as_many_images_as_fit(
    demo_server: LabServer, open_tab: OpenTab, width: int, least: int, most: int
) -> None:
    tab = open_tab(demo_server, "samples", viewport={"width": width, "height": 900})
    images = tab.page.locator(".sheet button")
    expect(images).to_have_count(24)
    assert least <= count_in_first_row(images) <= most


@pytest.mark.parametrize(("width", "is_beside"), [(1400, True), (1024, False)])
def test_the_chosen_image_is_beside_the_others_where_there_is_room(
    demo_server: LabServer, open_tab: OpenTab, width: int, is_beside: bool
) -> None:
    size = {"width": width, "height": 900}
    page = open_tab(demo_server, "samples?item=3", viewport=size).page
    row, images = page.get_by_label("Row in the file"), page.locator(".sheet:has(button)")
    expect(row).to_be_visible()
    one, other = row.bounding_box(), images.bounding_box()
    assert one is not None
    assert other is not None
    assert (one["x"] >= other["x"] + other["width"]) == is_beside


@pytest.mark.parametrize(("width", "is_beside"), [(400, False), (1024, True), (1400, False)])
def test_neighbours_are_beside_the_large_image_where_there_is_room(
    demo_server: LabServer, open_tab: OpenTab, width: int, is_beside: bool
) -> None:
    size = {"width": width, "height": 900}
    page = open_tab(demo_server, "samples?item=3", viewport=size).page
    chart, neighbours = find_chart(page, "item_picture"), page.locator(".st-key-neighbours")
    expect(neighbours).to_be_visible()
    expect(chart).to_be_visible()
    one, other = chart.bounding_box(), neighbours.bounding_box()
    assert one is not None
    assert other is not None
    assert (other["x"] >= one["x"] + one["width"]) == is_beside
    assert (other["y"] < one["y"] + one["height"]) == is_beside


def test_a_clicked_image_is_framed_and_shown_large(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "samples?seed=0").page
    image = page.locator(".sheet button").nth(4)
    image.click()
    expect(image).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("spinbutton", name="Row in the file")).to_have_value("5")
    box = find_chart(page, "item_picture").locator(".subplot.xy image").first.bounding_box()
    assert box is not None
    assert box["width"] >= 280
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Row in the file")).to_have_value("6")
