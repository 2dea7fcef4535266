"""The demo set is searched, an image is judged by a key, and a verdict leads to a comparison."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.server import PROJECT_DIR, Folders, LabServer, copy_models


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


@pytest.mark.slow
def test_an_image_of_samples_is_judged_by_key(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "samples?split=Test&item=3")
    page = tab.page
    page.get_by_role("link", name="Judge this label").click()
    tab.wait_for_page("Labels")
    expect(page).to_have_url(re.compile(r"labels\?image=test-2$"))
    expect(page.get_by_text("No verdict yet.")).to_be_visible()
    expect_idle(page)
    page.keyboard.press("x")
    expect(page.get_by_text("Its verdict: exclude.")).to_be_visible()
    expect_idle(page)
    page.keyboard.press("u")
    expect(page.get_by_text("No verdict yet.")).to_be_visible()
    expect_idle(page)
    page.get_by_role("button", name="Show the lists").click()
    expect(page.get_by_text("Copies and leaks")).to_be_visible()
    expect(page).to_have_url(re.compile(r"labels$"))
    tab.check()


@pytest.mark.slow
def test_verdict_is_trained_with_and_without_and_compared(
    own_server: LabServer, demo_folders: Folders, open_tab: OpenTab
) -> None:
    copy_models(demo_folders.models, own_server.folders.models)
    subprocess.run(
        [sys.executable, "-m", "fmnist", "labels", "exclude", "train", "5"],
        cwd=PROJECT_DIR,
        env=own_server.folders.environment(),
        check=True,
        timeout=120,
    )
    own_server.start()
    tab = open_tab(own_server, "labels?view=Verdicts")
    page = tab.page
    box = page.get_by_role("combobox", name="Recipe")
    box.press_sequentially("tiny")
    box.press("Enter")
    expect_idle(page)
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_text(re.compile("^tiny-.*-with-edits$"))).to_be_visible()
    link = page.get_by_role("link", name="Compare them")
    expect(link).to_be_visible(timeout=300_000)  # two trainings, one after the other
    link.click()
    tab.wait_for_page("Compare")
    expect(page).to_have_url(re.compile("a=tiny-.*-without-edits&b=tiny-.*-with-edits"))
    expect(page.get_by_text("which of the two is more accurate")).to_be_visible()
    tab.check()


def test_two_shipped_runs_are_compared(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "compare?a=cnn&b=compact")
    expect(tab.page.get_by_text("compact is more accurate than cnn")).to_be_visible()
    tab.check()
