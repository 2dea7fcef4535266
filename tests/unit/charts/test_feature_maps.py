"""Maps as one picture, and the products behind a pixel."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

from fmnist.charts.feature_maps import Sheet, build_products, find_limit, paint_sheet

ALIVE = np.zeros(5, bool)


def read(sheet: Sheet) -> np.ndarray:
    data = base64.b64decode(sheet.source.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))


def test_maps_stand_row_by_row_with_a_gap_after_each() -> None:
    maps = np.zeros((100, 100, 5), np.float32)
    maps[..., 3] = 2.0
    maps[..., 4] = -2.0
    sheet = paint_sheet(maps, ALIVE, limit=2.0)
    assert (sheet.rows, sheet.columns) == (2, 3)
    assert (sheet.height, sheet.width) == (2 * 2 * 101, 2 * 3 * 101)
    pixels = read(sheet)
    assert pixels.shape == (202, 303, 4)
    assert pixels[50, 50].tolist() == [0, 0, 0, 255]  # zero is black
    red, _, blue, _ = pixels[150, 50].tolist()
    assert red > blue  # positive is orange
    red, _, blue, _ = pixels[150, 150].tolist()
    assert red < blue  # negative is blue
    assert pixels[100, :, 3].max() == 0
    assert pixels[150, 250, 3] == 0  # no sixth map


def test_dead_map_is_crossed_out() -> None:
    maps = np.zeros((7, 7, 5), np.float32)
    pixels = read(paint_sheet(maps, ALIVE | [False, True, False, False, False], limit=1.0))
    grey = np.argwhere((pixels[..., :3] == 150).all(axis=-1))
    assert len(grey) == 13  # two diagonals that share a pixel
    assert {row // 8 for row, _ in grey.tolist()} == {1}


def test_single_peak_does_not_hide_the_maps() -> None:
    maps = np.ones((28, 28, 2), np.float32)
    maps[0, 0, 0] = 1000
    assert find_limit(maps) == 1
    assert find_limit(np.zeros((28, 28, 2), np.float32)) == 0


def test_products_show_the_maps_that_matter_and_the_sum_of_the_others() -> None:
    patch = np.ones((3, 3, 5), np.float32)
    kernel = np.zeros((3, 3, 5), np.float32)
    kernel[0, 0] = [0.1, -0.5, 0.2, 0.4, 0.05]
    html = build_products(patch, kernel, most=2)
    assert re.findall(r"Input map (\d)", html) == ["1", "3"]
    assert "= -0.500" in html
    assert "The other 3 input maps: 0.350" in html
    alone = build_products(patch[..., :1], kernel[..., :1])
    assert "The image" in alone
    assert "other" not in alone
