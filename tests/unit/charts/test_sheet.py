from __future__ import annotations

import base64
import re

import numpy as np
import pytest

from fmnist.charts.sheet import decode_png, draw_sheet, encode_png
from fmnist.errors import ImageError
from tests.support.hard_pictures import build_many_scans


def encode(side: int) -> bytes:
    picture = np.random.default_rng(0).integers(0, 256, (side, side, 4), np.uint8)
    return base64.b64decode(encode_png(picture).partition(",")[2])


def test_a_canvas_picture_is_decoded() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 4), np.uint8)
    np.testing.assert_array_equal(decode_png(encode(40), 40), picture)


@pytest.mark.parametrize(
    "data", [encode(41), encode(40)[:200], b"", build_many_scans(2_000, side=40)]
)
def test_what_no_canvas_sends_is_refused_before_it_is_decoded(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"40 × 40 pixels.*draw it again"):
        decode_png(data, 40)


@pytest.mark.parametrize("shape", [(28, 28), (5, 7, 3), (5, 7, 4)])
def test_picture_becomes_a_data_uri(shape: tuple[int, ...]) -> None:
    assert encode_png(np.zeros(shape, np.uint8)).startswith("data:image/png;base64,iVBOR")


def test_a_sheet_has_a_tile_with_its_caption_for_each_image() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    sheet = draw_sheet(images, ["Coat", "<Bag>", "Shirt"], label="Nearest")
    assert re.findall(r'role="listitem"><img alt="" src="([^"]+)"><span>(.*?)</span>', sheet) == [
        (encode_png(image), caption)
        for image, caption in zip(images, ["Coat", "&lt;Bag&gt;", "Shirt"], strict=True)
    ]
    assert 'role="list" aria-label="Nearest"' in sheet


def test_an_image_to_choose_is_a_button_with_its_position() -> None:
    sheet = draw_sheet(np.zeros((2, 28, 28), np.uint8), ["a", "b"], label="x", is_clickable=True)
    assert re.findall(r'<button type="button" value="(\d)">', sheet) == ["0", "1"]
    assert "listitem" not in sheet
