from __future__ import annotations

import numpy as np
import pytest

from fmnist.errors import ImageError
from fmnist.images import Overrides, prepare_picture
from fmnist.ui.widgets.picture_cache import read_picture


@pytest.fixture
def picture() -> np.ndarray:
    picture = np.full((60, 60, 4), 255, np.uint8)
    picture[10:50, 20:40, :3] = np.random.default_rng(7).integers(0, 90, 3)
    return picture


def fail() -> np.ndarray:
    raise AssertionError("decoded although known")


def test_what_was_read_is_not_read_again(picture: np.ndarray) -> None:
    decoded, prepared = read_picture(b"one file", lambda: picture, "photo")
    assert decoded is picture
    np.testing.assert_array_equal(prepared.image, prepare_picture(picture, "photo").image)
    assert read_picture(b"one file", fail, "photo")[1] is prepared
    with pytest.raises(AssertionError):
        read_picture(b"another file", fail, "photo")
    with pytest.raises(AssertionError):
        read_picture(b"one file", fail, "drawing")
    with pytest.raises(AssertionError):
        read_picture(b"one file", fail, "photo", Overrides(crop=False))


def test_pictures_that_differ_in_one_pixel_are_two(picture: np.ndarray) -> None:
    other = picture.copy()
    other[30, 30] ^= 1
    read_picture(picture, lambda: picture, "photo")
    with pytest.raises(AssertionError):
        read_picture(other, fail, "photo")
    with pytest.raises(AssertionError):
        read_picture(picture.reshape(30, 120, 4), fail, "photo")


def test_errors_are_not_remembered(picture: np.ndarray) -> None:
    def break_off() -> np.ndarray:
        raise ImageError("cut short")

    with pytest.raises(ImageError):
        read_picture(b"broken", break_off, "auto")
    assert read_picture(b"broken", lambda: picture, "auto")[0] is picture


def test_memory_is_bounded(picture: np.ndarray) -> None:
    kept = read_picture.cache
    assert kept.maxsize == 150_000_000
    before = kept.currsize
    _, prepared = read_picture(b"a new one", lambda: picture, "photo")
    steps = [step.picture for step in prepared.steps]
    assert kept.currsize - before >= sum(array.nbytes for array in (picture, *steps))
