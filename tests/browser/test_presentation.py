"""A presentation begins and ends with a button, which lies over nothing of the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenTab
from tests.support.server import LabServer


@pytest.mark.slow
def test_presentation_begins_and_ends_with_a_button(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "class_balance")
    page = tab.page
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page).to_have_url(re.compile("present=1"))
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    end = page.get_by_role("button", name="End presentation")
    header = page.get_by_test_id("stHeader").bounding_box()
    place = end.bounding_box()
    assert header is not None
    assert place is not None
    assert place["y"] + place["height"] <= header["y"] + header["height"]
    end.click()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).not_to_have_url(re.compile("present="))
