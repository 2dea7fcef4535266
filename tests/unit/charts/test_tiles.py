"""Pictures with their texts as HTML: sharp squares, small photos, escaped texts."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from fmnist.charts.tiles import build_tiles
from fmnist.explain import Tile

IMAGE = np.arange(784, dtype=np.uint16).reshape(28, 28).astype(np.uint8)


def open_picture(html: str) -> Image.Image:
    (data,) = re.findall(r'src="data:image/[a-z]+;base64,([^"]*)"', html)
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_small_image_keeps_its_pixels_and_is_shown_as_squares() -> None:
    html = build_tiles([Tile(IMAGE, "1. Image")], 140, is_photo=True)
    np.testing.assert_array_equal(np.asarray(open_picture(html)), IMAGE)
    assert "width:140px;image-rendering:pixelated" in html
    assert 'alt="1. Image"' in html


@pytest.mark.parametrize("shape", [(192, 144), (192, 144, 3)])
def test_a_part_of_a_photo_is_a_jpeg_file_and_not_shown_as_squares(shape: tuple[int, ...]) -> None:
    picture = np.full(shape, 90, np.uint8)
    html = build_tiles([Tile(picture, "Light")], 140, is_photo=True)
    shown = open_picture(html)
    assert (shown.format, shown.size) == ("JPEG", (144, 192))
    assert np.abs(np.asarray(shown, np.int16) - 90).max() <= 2
    assert "pixelated" not in html
    assert open_picture(build_tiles([Tile(picture, "Light")], 140)).format == "PNG"


def test_texts_are_escaped_and_left_out_where_there_are_none() -> None:
    tile = Tile(IMAGE, "<b>", "T-shirt/top (91.0%)", 'what "differs" & is filled')
    html = build_tiles([tile, Tile(IMAGE, "Variants")], 140)
    assert "<b>" not in html
    assert "<strong>T-shirt/top (91.0%)</strong>" in html
    assert "what &quot;differs&quot; &amp; is filled" in html
    assert html.count("<div>") == html.count("<strong>") == 1


@pytest.mark.parametrize(
    ("agrees", "label", "icon"), [(True, "same class", "check"), (False, "another class", "close")]
)
def test_a_mark_says_whether_the_class_is_the_same(agrees: bool, label: str, icon: str) -> None:
    html = build_tiles([Tile(IMAGE, "inverted", note="Bag", agrees=agrees)], 84)
    assert f'aria-label="{label}"' in html
    assert f">{icon}</span> inverted: Bag" in html
