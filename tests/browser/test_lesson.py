"""The lesson leads from page to page, is found again by its address, and is left."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from fmnist.ui.shell.lesson import STEPS
from tests.support.browser import PAGES, OpenTab
from tests.support.server import LabServer


@pytest.mark.slow
def test_steps_lead_from_page_to_page(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server)
    page = tab.page
    page.get_by_role("link", name="Take the lesson of seven steps").click()
    tab.wait_for_page("Samples")
    expect(page.get_by_text("Step 1 of 7")).to_be_visible()
    for number, step in enumerate(STEPS[1:], start=2):
        page.get_by_role("link", name="Next step").click()
        tab.wait_for_page(PAGES[step.page])
        expect(page.get_by_text(f"Step {number} of 7")).to_be_visible()
        expect(page).to_have_url(re.compile(f"lesson={number}"))
    page.get_by_text("What you see, and why").click()
    expect(page.get_by_text("Your drawing becomes 28×28 pixels")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Step 7 of 7")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    tab.wait_for_page("Evaluate")
    page.get_by_role("button", name="Leave the lesson").click()
    expect(page.get_by_text("Step 6 of 7")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lesson="))
