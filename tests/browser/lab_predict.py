"""What the browser tests of the Predict page share: a picture, a scribble, an answer."""

from __future__ import annotations

import io

import numpy as np
from lab_browser import Tab, expect_points, find_chart
from PIL import Image
from playwright.sync_api import Page, expect


def build_png(size: int = 120) -> bytes:
    """Return a picture with a light trouser-like shape on dark ground."""
    pixels = np.zeros((size, size), np.uint8)
    pixels[10:-10, 30:55] = pixels[10:-10, 65:90] = pixels[10:30, 30:90] = 220
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def draw_zigzag(page: Page) -> None:
    """Drag the mouse over the canvas with the button down, as a person scribbles."""
    canvas = page.locator(".st-key-predict_canvas canvas.upper-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    left, top = box["x"], box["y"]
    page.mouse.move(left + 80, top + 120)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(left + 80 + 10 * step, top + (300 if step % 2 else 120), steps=3)
    page.mouse.up()


def expect_answer(tab: Tab) -> None:
    """Wait for the ten bars and the 28×28 that the network saw."""
    expect_points(find_chart(tab.page, "predict_bars"), 10)
    expect(tab.page.get_by_text("What the network sees: 28×28").first).to_be_visible()
    probabilities = find_chart(tab.page, "predict_bars").evaluate(
        "node => Array.from(node.data[0].x._inputArray ?? node.data[0].x)"
    )
    assert len(probabilities) == 10
    assert abs(sum(probabilities) - 1) < 1e-3
