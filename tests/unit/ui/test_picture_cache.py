from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from fmnist.errors import ImageError
from fmnist.images import LoadedPicture, Overrides
from fmnist.images.pipeline import prepare_picture
from fmnist.ui.widgets import picture_cache
from fmnist.ui.widgets.picture_cache import PictureOwner, read_picture


@pytest.fixture
def owner() -> PictureOwner:
    return PictureOwner()


@pytest.fixture
def picture() -> np.ndarray:
    picture = np.full((60, 60, 4), 255, np.uint8)
    picture[10:50, 20:40, :3] = np.random.default_rng(7).integers(0, 90, 3)
    return picture


@pytest.fixture
def result(picture: np.ndarray) -> LoadedPicture:
    return LoadedPicture(picture, prepare_picture(picture, "photo"), b"reduced")


def fail() -> LoadedPicture:
    raise AssertionError("read although known")


def test_what_was_read_is_not_read_again(owner: PictureOwner, result: LoadedPicture) -> None:
    assert read_picture(owner, b"one file", lambda: result, "photo") is result
    assert read_picture(owner, b"one file", fail, "photo") is result
    assert read_picture(PictureOwner(), b"one file", fail, "photo") is result
    with pytest.raises(AssertionError):
        read_picture(owner, b"another file", fail, "photo")
    with pytest.raises(AssertionError):
        read_picture(owner, b"one file", fail, "drawing")
    with pytest.raises(AssertionError):
        read_picture(owner, b"one file", fail, "photo", Overrides(crop=False))


def test_a_reduced_picture_stands_for_its_file(owner: PictureOwner, result: LoadedPicture) -> None:
    read_picture(owner, b"its file", lambda: result, "photo")
    assert read_picture(owner, b"reduced", fail, "photo") is result


def test_pictures_that_differ_in_one_pixel_are_two(
    owner: PictureOwner, picture: np.ndarray, result: LoadedPicture
) -> None:
    other = picture.copy()
    other[30, 30] ^= 1
    read_picture(owner, picture, lambda: result, "photo")
    with pytest.raises(AssertionError):
        read_picture(owner, other, fail, "photo")
    with pytest.raises(AssertionError):
        read_picture(owner, picture.reshape(30, 120, 4), fail, "photo")


def test_an_unreadable_picture_is_not_read_by_every_click(
    owner: PictureOwner, result: LoadedPicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off() -> LoadedPicture:
        raise ImageError("takes too long")

    for read in (break_off, fail):
        with pytest.raises(ImageError, match="takes too long"):
            read_picture(owner, b"slow", read, "auto")
    picture_cache._ERRORS.clear()  # as after a minute
    assert read_picture(owner, b"slow", lambda: result, "auto") is result


def test_an_error_calls_the_picture_by_the_name_that_its_own_person_gave_it() -> None:
    def refuse(name: str) -> LoadedPicture:
        raise ImageError(f"{name} is no picture")

    for name in ("mine.png", "yours.png"):
        with pytest.raises(ImageError, match=name):
            read_picture(PictureOwner(), b"words", partial(refuse, name), "auto", name=name)


def test_sessions_wait_for_one_reading(result: LoadedPicture) -> None:
    begun, go_on = threading.Event(), threading.Event()
    owners = PictureOwner(), PictureOwner()

    def read() -> LoadedPicture:
        begun.set()
        assert go_on.wait(30)
        return result

    with ThreadPoolExecutor(2) as sessions:
        first = sessions.submit(read_picture, owners[0], b"of the class", read, "auto")
        assert begun.wait(30)
        second = sessions.submit(read_picture, owners[1], b"of the class", fail, "auto")
        go_on.set()
        assert first.result(30) is second.result(30) is result


def test_pictures_go_with_the_last_session_that_asked(result: LoadedPicture) -> None:
    owners = [PictureOwner(), PictureOwner()]
    keys = []
    for owner in owners:
        read_picture(owner, b"of two sessions", lambda: result, "photo")
        keys += owner.keys
    owners.pop()
    del owner
    end_sessions()
    assert keys[0] in picture_cache._PICTURES
    owners.pop()
    end_sessions()
    assert keys[0] not in picture_cache._PICTURES


def end_sessions() -> None:
    """Wait until the cache has dropped what belongs to owners that are gone."""
    gc.collect()
    freed = threading.Event()

    class Last(set):
        def __sub__(self, _: object) -> list[object]:
            freed.set()
            return []

    picture_cache._LEFT_BEHIND.put(Last())
    assert freed.wait(30)


def test_memory_is_bounded(owner: PictureOwner, picture: np.ndarray, result: LoadedPicture) -> None:
    kept = picture_cache._PICTURES
    assert kept.maxsize == 150_000_000
    before = kept.currsize
    read_picture(owner, b"a new one", lambda: result, "photo")
    steps = [step.picture for step in result.prepared.steps]
    assert kept.currsize - before >= sum(array.nbytes for array in (picture, *steps))
