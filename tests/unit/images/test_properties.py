"""No picture and no bytes whatever raise anything but our own error."""

import io
import typing

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from PIL import Image

from fmnist.errors import ImageError
from fmnist.images import StepId
from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
KINDS = st.sampled_from(["auto", "photo", "drawing"])
SIZES = st.integers(1, 200)
HEADERS = st.sampled_from(
    [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*",
     b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"8BPS", b"%!PS-Adobe", b"P6 3 3 255 ", b"\x00\x00\x01\x00"]
)  # fmt: skip


@st.composite
def patchy_pictures(draw):
    """Draw random RGBA rectangles on a random background: flat parts, borders, holes."""
    picture = np.empty((draw(SIZES), draw(SIZES), 4), dtype=np.uint8)
    colors = st.tuples(*[st.integers(0, 255)] * 4)
    picture[:] = draw(colors)
    for _ in range(draw(st.integers(0, 5))):
        top, left = draw(st.integers(0, 199)), draw(st.integers(0, 199))
        picture[top : top + draw(SIZES), left : left + draw(SIZES)] = draw(colors)
    if draw(st.booleans()):
        noise = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 30, picture.shape)
        picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return picture


def assert_right(rgba, kind):
    before = rgba.copy()
    prepared = prepare_picture(rgba, kind)
    assert prepared.image.dtype == np.uint8
    assert prepared.image.shape == (28, 28)
    assert prepared.kind in ("photo", "drawing")
    assert kind in ("auto", prepared.kind)
    ids = [step.id for step in prepared.steps]
    order = typing.get_args(StepId)
    assert ids == sorted(ids, key=order.index)
    assert len(set(ids)) == len(ids) >= 2
    for step in prepared.steps:
        assert step.picture.dtype == np.uint8
        assert step.picture.ndim == 2 or step.picture.shape[2] == 3
        assert step.picture.size
        assert step.title
        assert step.sentence.endswith(".")
    assert (prepared.steps[-1].picture == prepared.image).all()
    assert prepared.image.any() or (prepared.warning or "").startswith("There is nothing to see")
    assert (rgba == before).all()
    assert (prepare_picture(rgba, kind).image == prepared.image).all()


@pytest.mark.slow
@QUICK
@given(patchy_pictures(), KINDS)
def test_patchy_picture(rgba, kind):
    assert_right(rgba, kind)


@QUICK
@given(stn.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4))), KINDS)
def test_any_small_picture(rgba, kind):
    assert_right(rgba, kind)


@QUICK
@given(HEADERS, st.binary(max_size=600), st.text(max_size=12))
def test_any_bytes(header, rest, name):
    try:
        rgba = decode_picture(header + rest, name)
    except ImageError as error:
        assert name in str(error)
    else:
        assert rgba.dtype == np.uint8
        assert rgba.ndim == 3
        assert rgba.shape[2] == 4


@QUICK
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP"]),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
)
def test_damaged_files(format, changes, keep):
    buffer = io.BytesIO()
    gradient = np.add.outer(np.arange(40), np.arange(50)).astype(np.uint8)
    Image.fromarray(gradient).save(buffer, format)
    data = bytearray(buffer.getvalue())[: keep + 1]
    for place, value in changes:
        data[place % len(data)] = value
    try:
        rgba = decode_picture(bytes(data), "damaged")
    except ImageError:
        return
    assert_right(rgba, "auto")
