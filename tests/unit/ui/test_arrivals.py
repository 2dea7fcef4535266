"""Uploaded pictures are read while the browser still sends others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images import LoadedPicture, Overrides
from fmnist.images.examples import draw_examples
from fmnist.images.picture_pool import PicturePool
from fmnist.images.pipeline import prepare_picture
from fmnist.ui.shell import uploads as uploads_module
from fmnist.ui.shell.uploads import LimitedUploads
from fmnist.ui.widgets import arrivals
from fmnist.ui.widgets.arrivals import read_arrivals
from fmnist.ui.widgets.picture_cache import PictureOwner, read_picture

SECONDS = 10.0


class Session:
    """A session of a page that reads arrivals, without a server."""

    def __init__(self) -> None:
        self.owner = PictureOwner()
        self.uploads = LimitedUploads("/upload")

    def send(self, name: str, data: bytes, media_type: str = "image/png") -> None:
        self.uploads.add_file("one", UploadedFileRec(name, name, media_type, data))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    session = Session()
    monkeypatch.setattr(arrivals, "get_state", lambda _: session.owner)
    monkeypatch.setattr(
        arrivals, "follow_uploads", lambda take: uploads_module._FOLLOWERS.update(one=take)
    )
    read_arrivals("photo")
    yield session
    session.uploads.remove_session_files("one")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the pictures that a worker was asked to read."""
    names: list[str] = []
    photo = draw_examples()[0].picture
    result = LoadedPicture(photo, prepare_picture(photo, "photo"))

    def read(_self: object, source: bytes, name: str, *_: object) -> LoadedPicture:
        names.append(name)
        if source.startswith(b"damaged"):
            raise ImageError("It is damaged.")
        return result

    monkeypatch.setattr(PicturePool, "read", read)
    return names


def wait_until(holds: Callable[[], bool]) -> None:
    end = threading.Event()
    for _ in range(int(SECONDS / 0.01)):
        if holds():
            return
        end.wait(0.01)
    raise AssertionError


def test_a_picture_is_read_before_the_page_asks_for_it(session: Session, asked: list[str]) -> None:
    session.send("a.png", b"arrives first")
    wait_until(lambda: asked == ["a.png"])

    def read_again() -> LoadedPicture:
        raise AssertionError

    read_picture(session.owner, b"arrives first", read_again, "photo", Overrides(), name="a.png")


def test_what_cannot_be_read_stops_nothing(session: Session, asked: list[str]) -> None:
    names = [f"{number}.png" for number in range(9)]
    for name in names:
        session.send(name, b"damaged " + name.encode())
    wait_until(lambda: sorted(asked) == names)
    session.send("whole.png", b"whole")
    wait_until(lambda: "whole.png" in asked)


def test_only_new_pictures_of_a_session_that_is_there_are_read(
    session: Session, asked: list[str]
) -> None:
    session.send("table.csv", b"no picture", "text/csv")
    session.send("a.png", b"sent once")
    wait_until(lambda: asked == ["a.png"])
    session.send("a.png", b"reduced")  # as a page does with what it has read
    session.uploads.remove_session_files("one")
    session.send("b.png", b"nobody follows")
    session = Session()
    read_arrivals("photo")
    session.send("c.png", b"another session")
    wait_until(lambda: asked == ["a.png", "c.png"])


def test_no_more_wait_than_there_is_room_for(
    session: Session, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "MAX_WAITING", 0)
    session.send("late.png", b"no room")
    monkeypatch.setattr(arrivals, "MAX_WAITING", 1)
    session.send("next.png", b"room again")
    wait_until(lambda: asked == ["next.png"])


def test_an_unexpected_error_ends_no_thread(
    session: Session, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_well = PicturePool.read

    def fail(_self: object, _source: bytes, name: str, *_: object) -> LoadedPicture:
        asked.append(name)
        raise RuntimeError("unexpected")

    n_threads = settings.picture_workers()
    monkeypatch.setattr(PicturePool, "read", fail)
    for number in range(n_threads):
        session.send(f"{number}.png", b"number %d" % number)
    wait_until(lambda: len(asked) == n_threads)
    monkeypatch.setattr(PicturePool, "read", reads_well)
    session.send("after.png", b"after them")
    wait_until(lambda: "after.png" in asked)
