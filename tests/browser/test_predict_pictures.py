"""Examples and uploads on the Predict page: pointing, explanations, many files, the true class."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import FilePayload, expect

from tests.support.browser import OpenTab, Tab, expect_idle
from tests.support.browser_charts import find_bars
from tests.support.browser_predict import (
    build_photo,
    build_png,
    drag,
    expect_answer,
    find_resting_place,
)
from tests.support.server import LabServer


def open_examples(open_tab: OpenTab, server: LabServer) -> Tab:
    tab = open_tab(server, "predict?way=Examples")
    expect_answer(tab)
    return tab


@pytest.mark.slow
def test_tap_box_and_another_cut_out(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_examples(open_tab, demo_server)
    page = tab.page
    page.get_by_role("button", name="Show other cut-outs").click()
    expect(page.get_by_role("button", name="Cut-out 1")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Show other cut-outs")).to_be_hidden()
    expect_idle(page)
    picture = page.locator(".picture")
    picture.scroll_into_view_if_needed()
    place = find_resting_place(picture)
    picture.click(position={"x": place["width"] / 2, "y": place["height"] / 2})
    expect(page.locator(".mark.is-point")).to_be_visible()
    expect_idle(page)
    page.get_by_role("button", name="Cut-out 2").click()
    expect(page.get_by_role("button", name="Cut-out 2")).to_have_attribute("aria-pressed", "true")
    expect_idle(page)
    drag(page, picture, [(20, 20), (place["width"] - 20, place["height"] - 20)])
    expect(page.get_by_text("The part inside the box", exact=False)).to_be_visible()
    page.get_by_role("button", name="Find the garment automatically").click()
    expect(page.get_by_text("The picture as given, scaled.")).to_be_visible()
    expect(page.locator(".mark")).to_be_hidden()
    page.get_by_text("Adjust the segmentation").click()
    page.get_by_text("Crop", exact=True).click()
    expect(page.get_by_text("Cropped to the garment", exact=False)).to_be_hidden()
    page.get_by_text("Adjust the segmentation").click()
    expect(page.get_by_text("Crop", exact=True)).to_be_hidden()
    expect_idle(page)
    expect(page.get_by_text("Cropped to the garment", exact=False)).to_be_hidden()
    picture.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Find the garment automatically")).to_be_visible()
    tab.check()


@pytest.mark.parametrize(
    ("rows", "columns", "words"),
    [
        (slice(70, 82), slice(55, 67), "too little to show a garment"),
        (slice(0, 100), slice(0, 80), "touches 32% of the picture's edge"),
    ],
)
def test_poor_cut_out_gets_no_class_but_a_reason(
    demo_server: LabServer, open_tab: OpenTab, rows: slice, columns: slice, words: str
) -> None:
    tab = open_tab(demo_server, "predict?way=Upload")
    photo: FilePayload = {
        "name": "photo.png", "mimeType": "image/png", "buffer": build_photo(rows, columns)
    }  # fmt: skip
    tab.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files([photo])
    expect(tab.page.get_by_text(words, exact=False).first).to_be_visible()
    expect(tab.page.get_by_text("No answer", exact=False).first).to_be_visible()
    expect(find_bars(tab.page, "predict_bars")).to_have_count(0)
    tab.check()


@pytest.mark.slow
def test_explanations(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_examples(open_tab, demo_server)
    for title, said in (
        ("Occlusion", "covering this part lowers"),
        ("Small changes", "small changes leave the prediction unchanged"),
        ("All networks", "networks predict"),
        ("Nearest items", "The training images most similar"),
        ("Step by step", "The picture as given"),
    ):
        tab.page.get_by_role("radio", name=title).click()
        expect(tab.page.get_by_text(said, exact=False).first).to_be_visible(timeout=60_000)
        expect_idle(tab.page)
        tab.check()


def test_many_files_stand_in_a_table(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict?way=Upload")
    pictures: list[FilePayload] = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": build_png(100 + number)}
        for number in range(11)
    ]
    pictures.append({"name": "bad.png", "mimeType": "image/png", "buffer": b"nothing"})
    tab.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(pictures)
    expect(tab.page.get_by_test_id("stDataFrame")).to_be_visible()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Predictions as CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 13
    assert "bad.png" in lines[-1]
    expect_answer(tab)
    tab.check()


def test_the_right_label_is_noted_and_counted(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_examples(open_tab, demo_server)
    tab.page.get_by_role("button", name="Right").click()
    expect(tab.page.get_by_text("1 of 1 right")).to_be_visible()
    tab.page.get_by_role("button", name="Forget").click()
    expect(tab.page.get_by_text("1 of 1 right")).to_have_count(0)
    tab.check()


def measure_seconds(server: LabServer) -> float:
    """Return the processor seconds that the workers of a server have used."""
    times = [worker.cpu_times() for worker in server.list_workers()]
    return sum(each.user + each.system for each in times)


def expect_rest(server: LabServer, *, seconds: float) -> None:
    """Wait until the workers of a server compute nothing."""
    end, used = time.monotonic() + seconds, measure_seconds(server)
    while True:
        time.sleep(2)
        before, used = used, measure_seconds(server)
        if used - before < 0.05:
            return
        assert time.monotonic() < end, "The workers are still computing."


@pytest.mark.slow
def test_another_view_cancels_nearest_items(real_server: LabServer, open_tab: OpenTab) -> None:
    """Of 60,000 images, which take minutes: they are not ready when the other view is chosen."""
    tab = open_tab(real_server, "predict?way=Examples&run=record")
    page = tab.page
    expect_answer(tab)
    page.get_by_role("radio", name="Nearest items").click()
    progress = page.get_by_text("Another view cancels it")
    expect(progress).to_be_visible()
    page.get_by_role("radio", name="Step by step").click()
    expect(page.get_by_text("What cannot be reached from the border").first).to_be_visible()
    expect(progress).to_be_hidden()
    expect_rest(real_server, seconds=30)
    tab.check()
