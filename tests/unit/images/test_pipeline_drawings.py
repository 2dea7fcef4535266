"""Each step of the path, on outlines and filled drawings."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.images.drawing.kind import compute_kind
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment.background import flatten_alpha
from fmnist.images.segment.silhouette import compute_contrast
from tests.support.garments import SHIRT, assert_shirt, opaque, outline


def test_drawn_line_around_a_drawing_is_taken_off():
    picture = outline()
    for edge in (np.s_[2:5], np.s_[-5:-2]):
        picture[edge, 2:-2, :3] = 0
        picture[2:-2, edge, :3] = 0
    assert_shirt(prepare_picture(picture).image)


@pytest.mark.parametrize(
    ("background", "ink"), [("white", "black"), ("black", "white"), ("#fe9", "#25c")]
)
@pytest.mark.parametrize("width", [2, 6, 12])
def test_outline_is_filled(background, ink, width):
    prepared = prepare_picture(outline(background, ink, width))
    assert prepared.kind == "drawing"
    assert_shirt(prepared.image, 0.11 if width > 6 else 0.08)  # a stroke widens the shape


def test_outline_with_a_gap_is_filled():
    almost_closed = outline(gap=True, points=[*SHIRT, (48, 30)])
    assert_shirt(prepare_picture(almost_closed).image)


def test_outline_is_also_asked_about_as_its_strokes_alone():
    variants = prepare_picture(outline()).variants
    assert variants.shape == (4, 28, 28)
    filled, bare = ((each > 40).sum(axis=(1, 2)) for each in (variants[:2], variants[2:]))
    assert (bare < 0.6 * filled).all()


def test_filled_drawing_keeps_its_holes():
    image = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 80, 180, 180), fill="black")
    pen.arc((60, 20, 140, 140), 180, 360, fill="black", width=16)
    prepared = prepare_picture(opaque(image))
    assert prepared.kind == "drawing"
    assert prepared.image[20, 14] > 100
    assert prepared.image[7, 14] == 0


@pytest.mark.parametrize("ink", [0, 255])
def test_transparent_drawing_lies_on_what_contrasts(ink):
    picture = np.zeros((200, 200, 4), np.uint8)
    picture[..., :3] = ink
    picture[..., 3] = outline("black", "white")[..., 0]
    _, background = flatten_alpha(picture)
    assert background == 255 - ink
    assert_shirt(prepare_picture(picture).image)


def test_kind_of_a_drawing_in_a_few_colours():
    image = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(image).polygon(SHIRT, fill="#357", outline="#fc0", width=5)
    rgb = np.array(image)
    assert compute_kind(rgb, compute_contrast(rgb)) == "drawing"
