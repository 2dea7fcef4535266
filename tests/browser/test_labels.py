"""The demo set is searched, an image is judged by a key, and the verdict is taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.server import LabServer


@pytest.mark.slow
def test_a_verdict_by_key_is_taken_back_by_another(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "labels?view=Outliers")
    page = tab.page
    page.get_by_role("button", name="Search").click()
    keep = page.get_by_role("button", name="Keep")
    expect(keep).to_be_visible()
    expect(page.get_by_text("0 of the 1,000 listed images have a verdict")).to_be_visible()
    expect_idle(page)
    page.keyboard.press("x")
    expect(page.get_by_text("1 of the 1,000 listed images have a verdict")).to_be_visible()
    expect_idle(page)
    page.keyboard.press("u")
    expect(page.get_by_text("0 of the 1,000 listed images have a verdict")).to_be_visible()
    page.get_by_label("Reason (optional)").fill("kept for x")
    expect(page.get_by_text("0 of the 1,000 listed images have a verdict")).to_be_visible()
    tab.check()


def test_two_shipped_runs_are_compared(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "compare?a=cnn&b=compact")
    expect(tab.page.get_by_text("compact is more accurate than cnn")).to_be_visible()
    tab.check()
