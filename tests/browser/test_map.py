"""A lasso or a box on the map and a cell of the matrix select images, each shown by the other."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.browser_charts import expect_points, find_cell, find_chart, find_plot_area
from tests.support.server import LabServer

pytestmark = pytest.mark.slow


BOX = ((0, 0), (0.5, 1))
"""Corners of the left half of the map."""

LASSO = ((0, 0), (0.5, 0), (0.5, 1), (0, 1), (0, 0.05))
"""A line around it."""


def drag_over_map(page: Page, line: Sequence[tuple[float, float]]) -> None:
    """Drag the mouse along a line, in shares of the map's width and height."""
    area = find_plot_area(find_chart(page, "map"))
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    places = [
        (box["x"] + 2 + x * (box["width"] - 4), box["y"] + 2 + y * (box["height"] - 4))
        for x, y in line
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def read_selected(page: Page) -> int:
    """Wait until images are selected and return how many."""
    sentence = page.get_by_text(re.compile(r"^[\d,]+ images are selected$"))
    expect(sentence).to_be_visible()
    expect_idle(page)
    return int(sentence.inner_text().split()[0].replace(",", ""))


def count_coloured_pixels(page: Page) -> int:
    """Return how many pixels of the map's plot are in full colour: points that have not faded."""
    area = find_plot_area(find_chart(page, "map"))
    picture = Image.open(io.BytesIO(area.screenshot())).convert("RGB")
    return int((np.ptp(np.asarray(picture).astype(int), axis=2) > 60).sum())


def clear(page: Page) -> None:
    """Empty the selection and wait until all images are shown again."""
    page.get_by_role("button", name="Clear the selection").click()
    expect(page.get_by_text("of all 1,000 images are correct")).to_be_visible()
    expect_idle(page)


def test_lasso_box_and_cell_select_images(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "map?run=tiny")
    page = tab.page
    expect_points(find_chart(page, "map"), 1000)  # the map by PCA is computed by then
    expect_idle(page)
    every = count_coloured_pixels(page)
    assert every > 1000

    drag_over_map(page, LASSO)
    within = read_selected(page)
    assert 0 < within < 1000
    bright = count_coloured_pixels(page)
    assert 0 < bright < every
    clear(page)
    assert count_coloured_pixels(page) == pytest.approx(every, rel=0.02)

    page.locator('[data-title="Box Select"]').click()
    drag_over_map(page, BOX)
    inside = read_selected(page)
    # The same half of the map: the two differ by points on their edges.
    assert inside == pytest.approx(within, abs=20)
    assert count_coloured_pixels(page) == pytest.approx(bright, rel=0.1)
    expect(page.get_by_text(f"of the selected {inside:,} images are correct")).to_be_visible()
    expect(page.locator("[class*=st-key-map_items] .sheet button")).to_have_count(min(inside, 24))
    clear(page)

    find_cell(page, "map_matrix", 0, 0).click()
    expect(page).to_have_url(re.compile("cell=0-0"))
    cell = read_selected(page)
    assert 0 < cell <= 100  # of a class
    assert 0 < count_coloured_pixels(page) < every
    tab.check()


def test_cell_of_evaluate_leads_to_its_points(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "evaluate?run=tiny&cell=0-0")
    page = tab.page
    sentence = page.get_by_text(re.compile("^T-shirt/top classified correctly: "))
    expect(sentence).to_be_visible()
    page.get_by_role("link", name="Show these images on the map").click()
    tab.wait_for_page("Map")
    expect(page).to_have_url(re.compile("cell=0-0"))
    expect_points(find_chart(page, "map"), 1000)
    count = read_selected(page)
    assert 0 < count <= 100
    assert count_coloured_pixels(page) > 0
    tab.check()
