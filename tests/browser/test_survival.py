"""What is left when the training or the server is killed with -9."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from tests.support.browser import OpenTab, Record, click_button, click_stop, expect_state
from tests.support.browser_charts import expect_curve, find_curve
from tests.support.server import LabServer, start_training

LOST_SECONDS = 30.0
"""How soon the page must say that a run is lost."""


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait for something outside the browser, or fail saying what it was."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.1)


def read_worker(run: Path) -> psutil.Process:
    """Return the training process of a run."""
    return psutil.Process(json.loads((run / "launch.json").read_bytes())["pid"])


def is_at_work(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def has_learned(run: Path) -> bool:
    """Tell whether a run has completed an epoch."""
    return (run / "history.csv").exists() and (run / "model.keras").exists()


def test_a_killed_training_is_lost_and_can_go_on(
    own_server: LabServer, open_tab: OpenTab, record: Record
) -> None:
    run = start_training(own_server.folders, "doomed")
    own_server.start()
    page = open_tab(own_server, "train?run=doomed").page
    expect_state(page, "running")
    wait_until(lambda: has_learned(run), "the end of the first epoch")

    read_worker(run).kill()
    killed = time.monotonic()
    expect_state(page, "lost", seconds=LOST_SECONDS)
    record(f"a killed training was called lost after {time.monotonic() - killed:.1f} s")
    expect(
        page.get_by_text("The training process ended without reporting an error").first
    ).to_contain_text("The weights of its best epoch are kept.")
    click_button(page, "Resume")
    expect_state(page, "running")
    click_stop(page)
    expect_state(page, "stopped")

    click_button(page, "Delete")
    expect(page.get_by_text("doomed was deleted.")).to_be_visible()
    expect(page.get_by_text("No run yet.")).to_be_visible()
    click_button(page, "Undo")
    expect_state(page, "stopped")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


@pytest.mark.slow
def test_a_killed_server_leaves_the_training_alive(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    run = start_training(own_server.folders, "survivor")
    own_server.start()
    tab = open_tab(own_server)  # Overview starts the inference worker
    tab.open("train?run=survivor")
    expect_state(tab.page, "running")
    expect_curve(find_curve(tab.page, "loss"), 2)
    helpers = own_server.list_workers()
    assert helpers, "the server has no inference worker"
    tab.check()
    tab.close()

    own_server.kill()
    wait_until(lambda: not any(is_at_work(helper) for helper in helpers), "the workers' end")
    worker = read_worker(run)
    assert is_at_work(worker)

    own_server.start()
    page = open_tab(own_server, "train?view=watch").page
    expect_state(page, "running")
    chart = find_curve(page, "loss")
    expect_curve(chart, 2)
    points = len((run / "steps.csv").read_text().splitlines())
    expect_curve(chart, min(points + 1, 250))  # and it still learns
    assert read_worker(run) == worker
    os.kill(worker.pid, signal.SIGTERM)
    expect_state(page, "stopped")


@pytest.mark.slow
def test_the_queue_is_seen_and_changed_from_two_browsers(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    start_training(own_server.folders, "busy")
    own_server.start()
    mine = open_tab(own_server, "train?run=busy").page
    theirs = open_tab(own_server, "train?run=busy").page
    queue, their_queue = mine.locator(".st-key-queue"), theirs.locator(".st-key-queue")
    expect_state(mine, "running")
    expect(queue).to_have_count(0)
    for name in ("second", "third"):  # by the command line, say
        start_training(own_server.folders, name)
    expect(queue).to_contain_text("2 runs waiting")
    expect(queue).to_contain_text(re.compile(r"1\..*second.*2\..*third", re.DOTALL))

    mine.locator(".st-key-queue_up_third button:visible").click()
    for card in (queue, their_queue):  # the other browser sees it without a click
        expect(card).to_contain_text(re.compile(r"1\..*third.*2\..*second", re.DOTALL))
    theirs.locator(".st-key-queue_cancel_second button:visible").click()
    for card in (queue, their_queue):
        expect(card).to_contain_text("1 run waiting")

    mine.get_by_text("Set up", exact=True).click()
    click_button(mine, "Start training")
    expect(queue).to_contain_text("· you")
    expect(their_queue).to_contain_text(re.compile(r"· [a-z]+ [a-z]+ \d\d"))
    expect(their_queue).not_to_contain_text("· you")
    mine.reload()
    expect(queue).to_contain_text("· you")  # the name stays with the browser


@pytest.mark.slow
def test_the_queue_goes_on_after_a_run_that_failed_and_shows_why(
    own_server: LabServer, open_tab: OpenTab
) -> None:
    first = start_training(own_server.folders, "first")
    start_training(own_server.folders, "next")
    own_server.start()
    page = open_tab(own_server, "train?run=first").page
    wait_until(lambda: has_learned(first), "the end of the first epoch")
    read_worker(first).kill()
    expect_state(page, "lost", seconds=LOST_SECONDS)
    expect(page.get_by_text("signal 9 killed it, by hand or for lack of memory")).to_be_visible()
    expect(page.get_by_text("try half the batch size in a new run")).to_be_visible()
    # Waits, too, until the panel of the run at work is gone from the page.
    expect(page.get_by_text("Show the log")).to_have_count(1)
    next_run = own_server.folders.models / "next"
    wait_until((next_run / "status.json").exists, "the start of the next run")
