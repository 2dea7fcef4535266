"""Runs are ticked, raced, noted, downloaded, deleted and brought back by clicking."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import OpenTab, expect_idle, expect_title
from tests.support.browser_charts import expect_points, find_chart
from tests.support.runs import make_run
from tests.support.server import LabServer, start_training

ROW_PIXELS = 35


def tick(page: Page, row: int) -> None:
    """Click the box before a row of the table, from 0."""
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.locator(".dvn-scroller").click(position={"x": 16, "y": ROW_PIXELS * (row + 1.5)})


def count_lines(page: Page, metric: str) -> int:
    chart = find_chart(page, f"runs_{metric}")
    return int(chart.evaluate("node => node.data.length"))


@pytest.mark.slow
def test_ticked_runs_race_and_the_address_keeps_them(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "runs?order=Name")
    page = tab.page
    tick(page, 0)
    expect(page).to_have_url(re.compile("runs=baseline$"))
    expect(page.get_by_role("heading", name="baseline", exact=True)).to_be_visible()
    tick(page, 1)
    expect(page.get_by_role("heading", name="2 runs chosen")).to_be_visible()
    expect(page).to_have_url(re.compile("runs=baseline%2Ccnn$"))
    expect_points(find_chart(page, "runs_accuracy"), 20, trace=1)
    expect_points(find_chart(page, "runs_loss"), 20, trace=1)
    page.get_by_role("radio", name="Seconds").click()
    expect(find_chart(page, "runs_loss").get_by_text("Training time (s)")).to_be_visible()
    tab.check()

    page.reload()
    tab.wait_for_page("Runs")
    expect(page.get_by_role("heading", name="2 runs chosen")).to_be_visible()
    expect(find_chart(page, "runs_loss").get_by_text("Training time (s)")).to_be_visible()
    tick(page, 0)  # the tick is there again, and is taken away
    expect(page.get_by_role("heading", name="cnn", exact=True)).to_be_visible()
    expect_idle(page)
    assert count_lines(page, "accuracy") == 1

    page.get_by_test_id("stMain").get_by_role("link", name="cnn").click()
    expect_title(page, "Evaluate")
    expect(page).to_have_url(re.compile("run=cnn"))


@pytest.fixture
def server_with_runs(own_server: LabServer, monkeypatch: pytest.MonkeyPatch) -> LabServer:
    """A server of the test's own with three runs: a, b and c."""
    monkeypatch.setenv("FMNIST_MODELS", str(own_server.folders.models))
    for name, state in (("a", "finished"), ("b", "failed"), ("c", "stopped")):
        make_run(state, name)
    own_server.start()
    return own_server


def list_names(server: LabServer) -> list[str]:
    return sorted(path.parent.name for path in server.folders.models.glob("[!.]*/recipe.json"))


def test_runs_are_noted_downloaded_deleted_and_brought_back(
    server_with_runs: LabServer, open_tab: OpenTab
) -> None:
    server, models = server_with_runs, server_with_runs.folders.models
    page = open_tab(server, "runs?order=Name&runs=a").page
    page.get_by_role("button", name="Note and tags").click()
    page.get_by_label("Note", exact=True).fill("the one to beat")
    tags = page.get_by_role("combobox", name="Tags")
    tags.press_sequentially("keep")
    tags.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    notes = json.loads((models / "a" / "notes.json").read_text())
    assert notes == {"note": "the one to beat", "tags": ["keep"]}

    page.keyboard.press("Escape")
    tick(page, 2)
    expect(page.get_by_role("heading", name="2 runs chosen")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as zip").click()
    with zipfile.ZipFile(download.value.path()) as bundle:
        assert {"a/report.json", "a/notes.json", "c/recipe.json"} <= set(bundle.namelist())

    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("2 runs were deleted.")).to_be_visible()
    assert list_names(server) == ["b"]
    expect(page).not_to_have_url(re.compile("runs=a"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 runs chosen")).to_be_visible()
    assert list_names(server) == ["a", "b", "c"]
    tick(page, 0)
    expect(page.get_by_role("heading", name="c", exact=True)).to_be_visible()


@pytest.mark.slow
def test_run_that_trains_is_raced_live(own_server: LabServer, open_tab: OpenTab) -> None:
    run = start_training(own_server.folders, "racer")
    own_server.start()
    page = open_tab(own_server, "runs?runs=racer").page
    accuracy = find_chart(page, "runs_accuracy")
    expect_points(accuracy, 1)
    expect_points(accuracy, 3)
    (run / "stop").touch()
    expect_idle(page)
    expect(page.get_by_text("This part of the page failed")).to_have_count(0)


@pytest.mark.slow
def test_accuracy_is_seen_in_a_narrow_window(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "runs", viewport={"width": 1024, "height": 768}).page
    # The table for screen readers holds the columns that are within the window.
    columns = page.get_by_test_id("stDataFrame").get_by_role("columnheader", include_hidden=True)
    expect(columns.filter(has_text="Run").first).to_be_attached()
    names = columns.all_inner_texts()
    assert {"Test accuracy", "Validation accuracy"} <= set(names), names


@pytest.mark.slow
def test_camera_lies_over_no_title_in_a_narrow_window(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    path = "runs?runs=baseline,cnn"
    page = open_tab(demo_server, path, viewport={"width": 400, "height": 900}).page
    chart = find_chart(page, "runs_accuracy")
    expect_points(chart, 20)
    camera, title = chart.locator(".modebar-btn").first, chart.locator(".gtitle")
    camera.scroll_into_view_if_needed()
    expect(camera).to_be_in_viewport()
    tools, words = camera.bounding_box(), title.bounding_box()
    assert tools is not None
    assert words is not None
    assert tools["y"] + tools["height"] <= words["y"]
