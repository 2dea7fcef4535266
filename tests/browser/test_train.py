"""Runs are started, watched, queued and stopped by clicking, and found again."""

from __future__ import annotations

import json
import os
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from fmnist.networks import NETWORKS
from tests.support.browser import (
    OpenTab,
    Record,
    click_stop,
    expect_idle,
    expect_state,
    expect_title,
)
from tests.support.browser_charts import count_curve_points, expect_curve, find_curve
from tests.support.server import Folders, LabServer

STOP_SECONDS = 2.0
"""From the request to the worker's word that it has stopped, on an idle machine."""

STOP_SECONDS_LOADED = 10.0
"""The same where other programs have the cores; the time itself is printed and recorded."""


def start_baseline(page: Page, *, epochs: int) -> str:
    """Choose the baseline and its epochs, start, and return the new run's name."""
    page.get_by_role("button", name="Baseline").click()
    expect(page.get_by_text("train --network baseline")).to_be_visible()
    number = page.get_by_label("Epochs", exact=True)
    expect(number).to_have_count(1)  # the other network's form is gone
    number.fill(str(epochs))
    number.blur()  # Enter would send the form
    before = page.url
    page.get_by_role("button", name="Start training").click()
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile("run="))
    return page.url.partition("run=")[2].partition("&")[0]


def read_stop_seconds(run: Path) -> float:
    """Return how long a run took from the request to stop to its worker's last word."""
    status = json.loads((run / "status.json").read_bytes())
    assert status["state"] == "stopped"
    return float(status["heartbeat"]) - (run / "stop").stat().st_mtime


def test_a_small_run_is_watched_to_its_end(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "train").page
    epochs = 15  # a busy machine draws its first points late, and the run must not be over then
    run_id = start_baseline(page, epochs=epochs)
    expect_state(page, "running")
    curve = find_curve(page, "loss")
    expect_curve(curve, 2)
    first = count_curve_points(curve)
    expect_curve(curve, first + 2)
    expect_state(page, "finished")
    expect_curve(curve, epochs, series="validation")  # the last comes with the panel that says so
    points = count_curve_points(curve, series="validation")
    assert points == epochs, "one validation point an epoch"

    page.get_by_test_id("stMain").get_by_role("link", name="Evaluate").click()
    expect_title(page, "Evaluate")
    expect_idle(page)
    expect(page).to_have_url(re.compile(f"run={run_id}"))
    expect(page.get_by_role("combobox", name="Run")).to_have_value(re.compile(f"^{run_id}"))


def test_all_but_the_advanced_settings_is_on_one_screen(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    page = open_tab(demo_server, "train", viewport={"width": 1400, "height": 900}).page
    main = page.get_by_test_id("stMain")
    for part in (
        *(main.get_by_role("button", name=network.title) for network in NETWORKS.values()),
        main.get_by_role("button", name="Design a network of your own"),
        main.get_by_label("Epochs", exact=True),
        main.get_by_label("Learning rate", exact=True),
        main.get_by_role("button", name="Start training"),
        main.get_by_text("train --network cnn"),
        main.get_by_text("Advanced settings"),
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900


@pytest.mark.slow
def test_runs_are_found_again_wait_and_stop(
    own_server: LabServer, open_tab: OpenTab, record: Record
) -> None:
    own_server.start()
    first_tab = open_tab(own_server, "train")
    page = first_tab.page
    first = start_baseline(page, epochs=200)
    expect_state(page, "running")
    expect_curve(find_curve(page, "loss"), 2)

    page.reload()
    first_tab.wait_for_page("Train")
    expect(page.get_by_text(first).first).to_be_visible()
    expect_state(page, "running")

    other_page = open_tab(own_server, "samples").page  # any page leads to the run at work
    other_page.get_by_role("link", name=first).click()
    expect(other_page).to_have_url(re.compile(f"run={first}"))
    expect_state(other_page, "running")
    other_page.get_by_text("Set up", exact=True).click()
    second = start_baseline(other_page, epochs=1)
    assert second != first
    expect_state(other_page, "queued")
    expect(other_page.get_by_text("Waiting in the queue, place 1 of 1")).to_be_visible()
    other_page.get_by_role("button", name="Leave the queue").click()
    expect_state(other_page, "stopped")

    click_stop(page)
    expect_state(page, "stopped")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_text("The weights of its best epoch are kept.")).to_be_visible()
    seconds = read_stop_seconds(own_server.folders.models / first)
    record(f"a run stopped {seconds:.2f} s after the request")
    assert seconds < (STOP_SECONDS_LOADED if is_loaded() else STOP_SECONDS)


@pytest.mark.slow
def test_form_shows_and_trains_the_recipe_when_reruns_overtake_its_first_drawing(
    own_folders: Folders, tmp_path: Path, open_tab: OpenTab
) -> None:
    server = LabServer(own_folders, tmp_path / "server.log", "tests.support.rerunning_server")
    try:
        server.start()
        tab = open_tab(server)
        page, recipe = tab.page, NETWORKS["cnn"].recipe
        held: list[Route] = []  # as on a slow line: the code of the widgets comes late
        hold = partial(list[Route].append, held)
        page.route(re.compile("/js/(NumberInput|Slider)"), hold)
        page.goto(f"{server.url}/train?network=cnn")
        expect(page.get_by_text(f"--epochs {recipe.epochs}")).to_be_visible()
        expect(page.get_by_text("Advanced settings")).to_be_visible()
        for route in held:
            route.continue_()
        expect(page.get_by_label("Epochs", exact=True)).to_have_value(str(recipe.epochs))
        rate = page.get_by_label("Learning rate", exact=True)
        expect(rate).to_have_value(f"{recipe.learning_rate:g}")
        expect(page.get_by_role("slider", name="Dropout")).to_have_value(f"{recipe.dropout:g}")
        expect(page.get_by_text(f"--epochs {recipe.epochs}")).to_be_visible()
        before = page.url
        page.get_by_role("button", name="Start training").click()
        expect(page).not_to_have_url(before)
        (path,) = own_folders.models.glob("cnn-*/recipe.json")
        queued = json.loads(path.read_text())
        assert recipe.select_settings().items() <= queued.items()
        page.get_by_role("radio", name="Set up").click()  # what was started stays in the form
        expect(page.get_by_label("Epochs", exact=True)).to_have_value(str(recipe.epochs))
    finally:
        server.stop()


def is_loaded() -> bool:
    """Tell whether other programs want more cores than there are."""
    return os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
