"""A feature map and one of its pixels are chosen by clicks on their pictures."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenTab
from tests.support.server import LabServer


@pytest.mark.slow
def test_map_and_pixel_are_chosen_by_clicks(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "inside?run=cnn&item=3", viewport={"width": 400, "height": 900})
    page = tab.page
    # A narrow window shows the second convolution only when the ribbon is scrolled sideways.
    maps = page.get_by_alt_text("The 64 maps of conv_2")
    maps.scroll_into_view_if_needed()
    maps.click(position={"x": 5, "y": 5})
    expect(page.get_by_role("heading", name="Map 0 of conv_2")).to_be_visible()
    enlarged = page.get_by_alt_text("Map 0 of conv_2")
    enlarged.scroll_into_view_if_needed()
    enlarged.click(position={"x": 275, "y": 5})
    expect(page.get_by_text("Row 0, column 13, step by step")).to_be_visible()
    tab.check()


@pytest.mark.slow
def test_frame_of_the_first_map_is_whole(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "inside?run=cnn&item=3&layer=conv_1&map=0").page
    ribbon = page.locator(".st-key-inside_ribbon .grids")
    frame = ribbon.locator("figure").first.locator(".chosen")
    expect(frame).to_be_visible()
    place, box = ribbon.bounding_box(), frame.bounding_box()
    assert place is not None
    assert box is not None
    assert box["x"] - 3 >= place["x"]  # its outline and the line around that
