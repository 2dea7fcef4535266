"""Learning rates are tested and used, and a run is watched epoch by epoch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.server import LabServer


def choose_baseline(page: Page) -> None:
    page.get_by_role("button", name="Baseline").click()
    expect(page.get_by_text("train --network baseline")).to_be_visible()


def open_rate(page: Page) -> None:
    page.get_by_test_id("stPopover").get_by_role("button").filter(has_text="Find a rate").click()


def test_watched_items_follow_the_slider_and_play(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train?run=tiny").page
    expect(page.get_by_text("After epoch 2:")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("img"))).to_have_count(30)
    slider = page.get_by_role("slider", name="Epoch")
    slider.press("ArrowLeft")
    expect(page.get_by_text("After epoch 1:")).to_be_visible()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("After epoch 2:")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(slider).to_have_value("2")


@pytest.mark.slow
def test_epochs_are_played_by_key_at_the_chosen_speed(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train?run=cnn").page
    slider = page.get_by_role("slider", name="Epoch")
    slider.press("Home")
    expect(page.get_by_text("After epoch 1:")).to_be_visible()
    page.get_by_role("combobox", name="Speed").click()
    page.get_by_role("option", name="4×").click()
    expect_idle(page)
    page.get_by_role("heading", level=1).click()  # else the list of speeds takes the key
    page.keyboard.press("p")
    fifth_or_later = re.compile(r"^After epoch ([5-9]|\d\d+):")  # each is shown for a moment only
    expect(page.get_by_text(fifth_or_later)).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize(("width", "in_a_row"), [(1400, 10), (1024, 10), (400, 5)])
def test_watched_items_stand_in_rows_of_ten_or_five(
    demo_server: LabServer, open_tab: OpenTab, width: int, in_a_row: int
) -> None:
    size = {"width": width, "height": 900}
    page = open_tab(demo_server, "evaluate?run=tiny&view=Learning", viewport=size).page
    items = page.get_by_role("listitem").filter(has=page.get_by_role("img"))
    expect(items).to_have_count(30)
    tops = items.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().top)")
    rows = [tops.count(top) for top in sorted(set(tops))]
    assert rows == [in_a_row] * (30 // in_a_row)


@pytest.mark.slow
def test_rate_is_tested_found_again_and_used(own_server: LabServer, open_tab: OpenTab) -> None:
    own_server.start()
    tab = open_tab(own_server, "train")
    page = tab.page
    choose_baseline(page)
    open_rate(page)
    page.get_by_role("button", name="Test learning rates").click()
    expect(page.get_by_text("loading TensorFlow takes a few seconds").first).to_be_visible()
    page.get_by_role("button", name="Cancel the test").click()
    button = page.get_by_role("button", name="Test learning rates")
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_text("is suggested")).to_be_visible()

    page.reload()
    tab.wait_for_page("Train")
    choose_baseline(page)
    open_rate(page)
    expect(page.get_by_text("is suggested")).to_be_visible()
    page.get_by_role("button", name="Use this rate").click()
    expect(page.get_by_text(re.compile(r"--learning-rate 0\.\d"))).to_be_visible()
    rate = page.get_by_label("Learning rate", exact=True)
    expect(rate).to_have_count(1)  # while the field is replaced, the old one is still there
    expect(rate).not_to_have_value("0.002")
    used = rate.input_value()

    # A change and the click that starts the run may come together: the run has the change.
    page.get_by_label("Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("run="))
    run = page.url.partition("run=")[2].partition("&")[0]
    recipe = (own_server.folders.models / run / "recipe.json").read_text()
    assert '"epochs": 1,' in recipe
    assert f'"learning_rate": {float(used)!r}' in recipe
