from __future__ import annotations

import io

import numpy as np
from PIL import Image

from fmnist.charts.mosaic import build_mosaic, frame_mosaic


def test_images_fill_columns_and_what_fills_none_is_left_out() -> None:
    images = np.arange(7, dtype=np.uint8).repeat(28 * 28).reshape(7, 28, 28) + 1
    pixels = np.asarray(Image.open(io.BytesIO(build_mosaic(images, 3))))
    assert pixels.shape == (90, 60)
    np.testing.assert_array_equal(pixels[15::30, 15::30], [[1, 4], [2, 5], [3, 6]])


def test_the_frame_says_what_it_shows() -> None:
    html = frame_mosaic("/lab/pictures/a.png", 3, text="Some images.")
    assert 'aria-label="Some images."' in html
    assert "url(/lab/pictures/a.png)" in html
    assert "height:90px" in html
