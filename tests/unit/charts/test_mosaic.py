from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

from fmnist.charts.mosaic import build_mosaic


def test_images_fill_columns_and_what_fills_none_is_left_out() -> None:
    images = np.arange(7, dtype=np.uint8).repeat(28 * 28).reshape(7, 28, 28) + 1
    html = build_mosaic(images, 3, text="Some images.")
    assert 'aria-label="Some images."' in html
    (data,) = re.findall(r"base64,([^)]*)\)", html)
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))
    assert pixels.shape == (90, 60)
    np.testing.assert_array_equal(pixels[15::30, 15::30], [[1, 4], [2, 5], [3, 6]])
