"""Pictures as files, for a page and for keeping."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from fmnist.images import LoadedPicture
from fmnist.images.encode import encode_png, encode_png_uri, encode_preview
from fmnist.images.pipeline import prepare_picture
from tests.support.uploads import build_drawing


def open_uri(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def draw_photo(height: int, width: int, alpha: int = 255) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(0).integers(-8, 9, (height, width))
    tones = [
        np.clip(110 + 60 * np.sin(y / 40 + shift) + x / 8 + grain, 0, 255) for shift in range(3)
    ]
    return np.dstack([*tones, np.full((height, width), alpha)]).astype(np.uint8)


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_a_png_has_the_same_pixels(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(encode_png(picture)))), picture)
    np.testing.assert_array_equal(np.asarray(open_uri(encode_png_uri(picture))), picture)


def test_a_photo_is_previewed_as_a_small_jpeg() -> None:
    photo = draw_photo(480, 640)
    preview = encode_preview(photo, 300, is_photo=True)
    assert preview.startswith("data:image/jpeg;base64,")
    shown = open_uri(preview)
    assert shown.size == (300, 225)
    reduced = Image.fromarray(photo[..., :3]).resize((300, 225), Image.Resampling.BOX)
    assert np.abs(np.asarray(shown, float) - np.asarray(reduced, float)).mean() < 3
    assert len(preview) < len(encode_preview(photo, 300, is_photo=False)) / 3


def test_thumbnail_of_a_photo_has_its_colours() -> None:
    photo = draw_photo(640, 480)
    thumbnail = open_uri(LoadedPicture(photo, prepare_picture(photo, "photo")).thumbnail)
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (54, 72))
    reduced = Image.fromarray(photo[..., :3]).resize((54, 72), Image.Resampling.BOX)
    assert np.abs(np.asarray(thumbnail, float) - np.asarray(reduced, float)).mean() < 4


def test_what_is_transparent_stays_so() -> None:
    shown = open_uri(encode_preview(draw_photo(40, 20, alpha=90), 300, is_photo=True))
    assert (shown.mode, shown.size) == ("RGBA", (20, 40))
    assert set(np.asarray(shown)[..., 3].ravel()) == {90}


def test_a_drawing_is_previewed_without_loss() -> None:
    drawing = build_drawing()
    rgba = np.dstack([drawing, drawing, drawing, np.full_like(drawing, 255)])
    shown = open_uri(encode_preview(rgba, 120, is_photo=False))
    np.testing.assert_array_equal(np.asarray(shown), rgba[..., :3])


def test_a_picture_is_encoded_for_the_page_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every click on the page encoded it again, and a hundred pictures of a table."""
    photo = draw_photo(240, 320)
    read = LoadedPicture(photo, prepare_picture(photo))
    first = read.preview, read.thumbnail
    assert open_uri(first[1]).size == (72, 54)
    monkeypatch.setattr("fmnist.images.records.encode_preview", None)
    assert (read.preview, read.thumbnail) == first
