from __future__ import annotations

import base64

import numpy as np
import pytest

from fmnist.charts.sheet import decode_png, encode_png
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
