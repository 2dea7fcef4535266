"""A box on the map and a cell of the matrix select images, each shown by the other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import (
    OpenTab,
    click_cell,
    expect_idle,
    expect_points,
    find_chart,
    find_plot_area,
)
from tests.support.server import LabServer

pytestmark = pytest.mark.slow


def drag_over_map(page: Page) -> None:
    """Drag a box over the left half of the map."""
    area = find_plot_area(find_chart(page, "map"))
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2, steps=4)
    page.mouse.up()


def read_selected(page: Page) -> int:
    """Wait until images are selected and return how many."""
    sentence = page.get_by_text(re.compile(r"^[\d,]+ images are selected$"))
    expect(sentence).to_be_visible()
    expect_idle(page)
    return int(sentence.inner_text().split()[0].replace(",", ""))


def count_bright(page: Page) -> int:
    """Return how many points of the map keep their colour."""
    return int(
        find_chart(page, "map").evaluate(
            "chart => [...chart.querySelectorAll('.scatterlayer path.point')]"
            ".filter(point => Number(point.style.opacity) > 0.5).length"
        )
    )


def test_box_and_cell_select_images(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "map?run=tiny")
    page = tab.page
    expect_points(find_chart(page, "map"), 1000)  # the map by PCA is computed by then
    expect_idle(page)
    assert count_bright(page) == 1000

    page.locator('[data-title="Box Select"]').click()
    drag_over_map(page)
    inside = read_selected(page)
    assert 0 < inside < 1000
    assert count_bright(page) == inside
    expect(page.get_by_text(f"of the selected {inside:,} images are correct")).to_be_visible()
    expect(page.locator("[class*=st-key-map_items] .sheet button")).to_have_count(min(inside, 24))

    page.get_by_role("button", name="Clear the selection").click()
    expect(page.get_by_text("of all 1,000 images are correct")).to_be_visible()
    expect_idle(page)
    click_cell(page, "map_matrix", 0, 0)
    expect(page).to_have_url(re.compile("cell=0-0"))
    cell = read_selected(page)
    assert 0 < cell <= 100  # of a class
    assert count_bright(page) == cell
    tab.check()
