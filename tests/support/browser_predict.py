"""Helpers of the Predict page's browser tests: a picture, a scribble, a prediction."""

from __future__ import annotations

import contextlib
import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, TimeoutError, expect

from tests.support.browser import Tab, expect_idle
from tests.support.browser_charts import find_bars

CANVAS = "[class*=st-key-predict_canvas] canvas.upper-canvas"
"""The topmost layer of the drawing canvas, which takes the mouse."""


def build_png(size: int = 120) -> bytes:
    """Return a picture with a light trouser-like shape on dark background."""
    pixels = np.zeros((size, size), np.uint8)
    pixels[10:-10, 30:55] = pixels[10:-10, 65:90] = pixels[10:30, 30:90] = 220
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def build_photo(rows: slice, columns: slice) -> bytes:
    """Return a photo of a blue rectangle on sand, 120 × 160 pixels."""
    garment = np.zeros((160, 120, 1), bool)
    garment[rows, columns] = True
    noise = np.random.default_rng(1).normal(0, 4, (160, 120, 3))
    colors = np.where(garment, (40, 60, 140), (180, 160, 130)) + noise
    buffer = io.BytesIO()
    Image.fromarray(colors.clip(0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def find_resting_place(canvas: Locator) -> FloatRect:
    """Return the position of a canvas once it has settled."""
    before = None
    while (place := canvas.bounding_box()) is None or place != before:
        before = place
        canvas.page.wait_for_timeout(100)
    return place


def drag(
    page: Page, canvas: Locator, points: list[tuple[float, float]], *, lift: bool = True
) -> None:
    """Drag the mouse along points of a canvas, in its pixels, once it has settled."""
    expect(canvas).to_be_visible()
    expect_idle(page)
    canvas.scroll_into_view_if_needed()
    place = find_resting_place(canvas)
    (left, top), *rest = [(place["x"] + x, place["y"] + y) for x, y in points]
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=8)
    if lift:
        page.mouse.up()


def draw_zigzag(page: Page) -> None:
    """Drag the mouse over the canvas with the button down, as a person scribbles."""
    points = [(80 + 10 * step, 300 if step % 2 else 120) for step in range(-1, 24)]
    drag(page, page.locator(CANVAS), points)


def expect_answer(tab: Tab) -> None:
    """Wait for the ten bars and the 28×28 image seen by the network."""
    expect(find_bars(tab.page, "predict_bars")).to_have_count(10)
    expect(tab.page.get_by_text("What the network sees: 28×28").first).to_be_visible()
    texts = find_bars(tab.page, "predict_bars").all_inner_texts()
    percents = [float(found) for text in texts for found in re.findall(r"([\d.]+)%", text)]
    assert len(percents) == 10
    assert abs(sum(percents) - 100) < 1.5  # ten roundings


_READ_TONES = """(upper, layer) => {
    const canvas = upper.getRootNode().querySelector(layer);
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => {
        const at = 4 * (y * width + x);
        return data[at] * data[at + 3] / 255;
    }));
}"""


def read_canvas(page: Page, layer: str = "canvas.dc-canvas") -> np.ndarray:
    """Return the tones of a layer of the drawing canvas, 0 where it is transparent."""
    return np.array(page.locator(CANVAS).evaluate(_READ_TONES, layer))


def expect_tone(
    page: Page, place: tuple[int, int], tone: int, layer: str = "canvas.dc-canvas"
) -> None:
    """Wait until a pixel of a layer of the drawing canvas, row and column, has a tone."""
    row, column = place
    page.wait_for_function(
        f"""([selector, row, column, tone, layer]) => {{
            const find = root => root.querySelector(selector) ?? [...root.querySelectorAll('*')]
                .filter(each => each.shadowRoot).map(each => find(each.shadowRoot)).find(Boolean);
            const keyed = document.querySelector('.st-key-predict_canvas');
            const upper = keyed && find(keyed);
            return upper && ({_READ_TONES})(upper, layer)[row][column] === tone;
        }}""",
        arg=["canvas.upper-canvas", row, column, tone, layer],
    )


_NOTICE_RERUN = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    window.hasRerun = false;
    new MutationObserver(() => {
        window.hasRerun ||= app.dataset.testScriptState === 'running';
    }).observe(app, { attributes: true });
}"""


def click_and_rerun(page: Page, target: Locator) -> None:
    """Click what changes the canvas and wait until it has the change.

    Right after the click the page is still at rest: the rerun that brings the change has not begun.
    """
    page.evaluate(_NOTICE_RERUN)
    target.click()
    with contextlib.suppress(TimeoutError):  # begun and ended between two polls
        page.wait_for_function("() => window.hasRerun", timeout=5_000)
    expect_idle(page)


def choose_tool(page: Page, name: str) -> None:
    """Select a drawing tool and wait until the canvas uses it."""
    click_and_rerun(page, page.get_by_role("radio", name=name, exact=True))


def click_canvas(page: Page, row: int, column: int) -> None:
    """Click a pixel of the drawing canvas."""
    canvas = page.locator(CANVAS)
    canvas.scroll_into_view_if_needed()
    find_resting_place(canvas)
    canvas.click(position={"x": column, "y": row})
