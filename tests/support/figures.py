"""Figures as Matplotlib saves them, drawn here with Pillow around images of the demo set."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fmnist.data.demo import draw_images

GREY = None
"""The colour map that is none."""


@cache
def draw_items() -> np.ndarray:
    """Return one item per class, uint8 ``(10, 28, 28)``."""
    labels = np.arange(10, dtype=np.uint8)
    return draw_images(labels, np.random.default_rng(3), lambda _what, _share: None)


def enlarge(
    image: np.ndarray, side: float, colour_map: int | None, interpolation: int = cv2.INTER_NEAREST
) -> np.ndarray:
    """Return an image drawn in a colour map, uint8 ``(side, side, 3)``."""
    large = cv2.resize(image, (round(side), round(side)), interpolation=interpolation)
    if colour_map is GREY:
        return np.repeat(large[..., None], 3, axis=2)
    return cv2.applyColorMap(large, colour_map)[..., ::-1]


def draw_axes(
    plot: np.ndarray, *, background: str = "white", ink: str = "black", ticks: bool = True,
    title: str = "", bar: bool = False, line: int = 1,
) -> np.ndarray:  # fmt: skip
    """Return a figure around a plot, uint8 RGBA; its top left pixel lies at (60, 80)."""
    height, width = plot.shape[:2]
    figure = Image.new("RGB", (width + 200, height + 120), background)
    pen = ImageDraw.Draw(figure)
    left, top = 80, 60
    right, bottom = left + width, top + height
    figure.paste(Image.fromarray(np.ascontiguousarray(plot)), (left, top))
    if line:
        pen.rectangle((left, top, right - 1, bottom - 1), outline=ink, width=line)
    for number in range(6) if ticks else ():
        at = round((number * 5 + 0.5) * width / 28)
        pen.line((left + at, bottom, left + at, bottom + 4), fill=ink)
        pen.line((left - 5, top + at, left - 1, top + at), fill=ink)
        pen.text((left + at - 4, bottom + 8), str(number * 5), fill=ink)
        pen.text((left - 24, top + at - 6), str(number * 5), fill=ink)
    if bar:
        pen.rectangle((right + 20, top, right + 34, bottom), fill="#284", outline=ink)
        for number in range(5):
            at = top + number * height // 5
            pen.line((right + 35, at, right + 39, at), fill=ink)
            pen.text((right + 44, at - 6), str(50 * number), fill=ink)
    pen.text((left + width // 4, 20), title, fill=ink)
    rgb = np.array(figure)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
