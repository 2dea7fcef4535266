"""The Predict page's drawing tools: undo, fill, mirror, touch; where canvas and answer stand."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from tests.support.browser import OpenTab, Tab, click_button, expect_idle
from tests.support.browser_predict import (
    CANVAS,
    choose_tool,
    click_and_rerun,
    click_canvas,
    drag,
    draw_zigzag,
    expect_answer,
    expect_tone,
    read_canvas,
)
from tests.support.server import LabServer

SEEN = "[data-testid=stImage]:has-text('What the network sees') img"
WAITING = "It appears here with ten probabilities"


def read_seen(page: Page) -> np.ndarray:
    """Return the network's 28×28 input as shown on the page."""
    address = page.locator(SEEN).get_attribute("src")
    assert address is not None
    data = base64.b64decode(address.removeprefix("data:image/png;base64,"), validate=True)
    enlarged = np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    times = enlarged.shape[0] // 28
    return enlarged[times // 2 :: times, times // 2 :: times]


SQUARE = [(100.0, 100.0), (300.0, 100.0), (300.0, 300.0), (100.0, 300.0), (100.0, 100.0)]
"""A closed outline, as x and y on the canvas."""

LIGHT = 0xF2


_WITHOUT_PAUSE = """() => {
    const wait = window.setTimeout;
    window.setTimeout = (act, pause, ...given) => pause === 200 ? 0 : wait(act, pause, ...given);
}"""


def test_stroke_is_reported_when_the_pen_is_lifted(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    """The canvas waits 200 ms before it reports a stroke by itself; here that never ends."""
    tab = open_tab(demo_server, "predict")
    tab.page.evaluate(_WITHOUT_PAUSE)
    draw_zigzag(tab.page)
    expect_answer(tab)


def test_undo_redo_and_clear(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    draw_zigzag(tab.page)
    expect_answer(tab)
    click_button(tab.page, "Undo")
    expect(tab.page.get_by_text(WAITING)).to_be_visible()
    click_button(tab.page, "Redo")
    expect_answer(tab)
    click_button(tab.page, "Clear")
    expect(tab.page.get_by_text(WAITING)).to_be_visible()
    expect_tone(tab.page, (300, 100), 0)
    click_button(tab.page, "Undo")
    expect_answer(tab)


def test_fill_shows_on_the_canvas_and_undo_takes_it_back(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "predict")
    drag(tab.page, tab.page.locator(CANVAS), SQUARE)
    expect_answer(tab)
    outline = read_canvas(tab.page)
    assert outline[200, 200] == 0
    choose_tool(tab.page, "Fill")
    click_canvas(tab.page, 200, 200)
    expect_tone(tab.page, (200, 200), LIGHT)
    filled = read_canvas(tab.page)
    assert (filled[120:280, 120:280] == LIGHT).mean() > 0.99
    outside = np.ones_like(outline, bool)
    outside[80:321, 80:321] = False
    assert not filled[outside].any()
    expect_idle(tab.page)
    assert (read_seen(tab.page) > 100).mean() > 0.5
    click_button(tab.page, "Undo")
    expect_tone(tab.page, (200, 200), 0)
    assert np.abs(read_canvas(tab.page) - outline).max() < 2
    click_button(tab.page, "Redo")
    expect_tone(tab.page, (200, 200), LIGHT)


def test_fill_of_an_open_outline_says_so_and_keeps_the_drawing(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "predict")
    drag(tab.page, tab.page.locator(CANVAS), SQUARE[:4])
    expect_answer(tab)
    outline = read_canvas(tab.page)
    choose_tool(tab.page, "Fill")
    click_canvas(tab.page, 200, 200)
    expect(tab.page.get_by_text("the outline around this point is open")).to_be_visible()
    expect_idle(tab.page)
    assert np.abs(read_canvas(tab.page) - outline).max() < 2


def find_sight(tab: Tab) -> list[FloatRect]:
    """Draw something; return where the canvas, the bars and the 28×28 stand in the window."""
    draw_zigzag(tab.page)
    expect_answer(tab)
    found = [
        tab.page.locator(selector).bounding_box()
        for selector in (CANVAS, ".st-key-predict_bars", SEEN)
    ]
    return [box for box in found if box is not None]


def test_drawing_and_answer_are_seen_together(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict", viewport={"width": 1400, "height": 900})
    canvas, bars, seen = find_sight(tab)
    for box in (canvas, bars, seen):
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
    assert canvas["x"] + canvas["width"] <= bars["x"] < bars["x"] + bars["width"] <= seen["x"]


@pytest.mark.slow
def test_answer_stands_beside_the_drawing_in_a_narrow_window(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "predict", viewport={"width": 1024, "height": 768})
    canvas, bars, _ = find_sight(tab)
    assert canvas["x"] + canvas["width"] <= bars["x"] < bars["x"] + bars["width"] <= 1024
    assert bars["y"] < canvas["y"] + canvas["height"]


@pytest.mark.slow
def test_a_projector_shows_drawing_and_answer_together(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    size = {"width": 1024, "height": 768}
    canvas, bars, _ = find_sight(open_tab(demo_server, "predict?present=1", viewport=size))
    for box in (canvas, bars):
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 768
    assert canvas["x"] + canvas["width"] <= bars["x"] < bars["x"] + bars["width"] <= 1024


def test_on_a_phone_the_answer_follows_the_canvas(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "predict", viewport={"width": 400, "height": 800})
    canvas, bars, seen = find_sight(tab)
    assert canvas["y"] + canvas["height"] <= bars["y"] < seen["y"]
    tools = tab.page.locator(".st-key-predict_canvas_tools")
    assert tools.evaluate("row => row.scrollWidth > row.clientWidth && row.clientHeight < 60")


def switch_mirror_on(page: Page) -> None:
    toggle = page.get_by_test_id("stCheckbox").filter(has_text="Mirror").locator("label").first
    click_and_rerun(page, toggle)


def test_mirrored_half_shows_while_drawing_and_undo_takes_both(
    demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, "predict")
    switch_mirror_on(tab.page)
    canvas = tab.page.locator(CANVAS)
    drag(tab.page, canvas, [(60, 60), (150, 330)], lift=False)
    expect_tone(tab.page, (190, 392 - 103), LIGHT, "canvas.mirror-canvas")
    assert not read_canvas(tab.page, "canvas.mirror-canvas")[:, :196].any()
    tab.page.mouse.up()
    expect_answer(tab)
    drawn = read_canvas(tab.page)
    assert (drawn[:, :196] > 200).any()
    assert (np.abs(drawn - drawn[:, ::-1]) > 60).mean() < 0.01
    assert not read_canvas(tab.page, "canvas.mirror-canvas").any()
    seen = read_seen(tab.page).astype(int)
    assert (np.abs(seen - seen[:, ::-1]) > 40).mean() < 0.03
    click_button(tab.page, "Undo")
    expect(tab.page.get_by_text(WAITING)).to_be_visible()
    expect_tone(tab.page, (190, 103), 0)


def test_mirrored_polygon(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    switch_mirror_on(tab.page)
    choose_tool(tab.page, "Polygon")
    for row, column in ((60, 40), (60, 160), (300, 100), (60, 40)):
        click_canvas(tab.page, row, column)
    expect_answer(tab)
    expect_tone(tab.page, (120, 392 - 100), LIGHT)
    drawn = read_canvas(tab.page)
    assert (drawn > 200).mean() > 0.1
    assert (np.abs(drawn - drawn[:, ::-1]) > 60).mean() < 0.01
    click_button(tab.page, "Undo")
    expect(tab.page.get_by_text(WAITING)).to_be_visible()


def test_drawing_starts_from_a_class_mean(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    click_button(tab.page, "Start from")
    tab.page.get_by_test_id("stSelectbox").filter(has_text="Start from").locator("input").click()
    tab.page.get_by_role("option", name="Mean").click()
    expect_answer(tab)
    assert (read_seen(tab.page) > 40).mean() > 0.2
    tab.check()


def test_a_finger_draws_too(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict", has_touch=True)
    canvas = tab.page.locator(CANVAS)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    session = tab.page.context.new_cdp_session(tab.page)
    for number in range(14):
        point = {"x": box["x"] + 90 + 14 * number, "y": box["y"] + (100 if number % 2 else 280)}
        kind = "touchStart" if number == 0 else "touchMove"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_answer(tab)
    tab.check()
